using System.Text;
using Iot.Device.Nmea0183.Sentences;
using Sprig.Devices.Nmea;
using Sprig.IO.Ports;
using Sprig.Scheduling;
using Sprig.Testing;
using Xunit;

namespace Sprig.Devices.Tests.Nmea;

public class NmeaReaderTests
{
    private const string Fix = "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47";

    [Fact]
    public void Positions_of_a_receiver_on_a_tty_are_parsed() => RunWithGps(async (_, port) =>
    {
        NmeaReader reader = new(port);
        List<GlobalPositioningSystemFixData> fixes = [];
        while (fixes.Count < 5)
        {
            if (await reader.ReadAsync() is GlobalPositioningSystemFixData fix)
                fixes.Add(fix);
        }

        Assert.Equal((10, 0, 0), (reader.Sentences, reader.BadChecksums, reader.Malformed));
        Assert.All(fixes, fix =>
        {
            Assert.True(fix.Valid);
            Assert.Equal(48.137, fix.Position.Latitude, 0.0011);
            Assert.Equal(11.575, fix.Position.Longitude, 0.0016);
        });
        Assert.Equal(5, fixes.Select(fix => fix.Position.Latitude).Distinct().Count());
        Assert.All(fixes.Zip(fixes.Skip(1)), pair => Assert.Equal(TimeSpan.FromSeconds(1), pair.Second.DateTime - pair.First.DateTime));
    });

    [Fact]
    public void Courses_are_parsed_as_well() => RunWithGps(async (_, port) =>
    {
        NmeaReader reader = new(port);
        var rmc = Assert.IsType<RecommendedMinimumNavigationInformation>(await reader.ReadAsync());
        Assert.True(rmc.Valid);
        Assert.Equal(5.5, rmc.SpeedOverGround.Knots, 0.1);
        Assert.Equal(new DateTimeOffset(2000, 1, 1, 0, 0, 1, TimeSpan.Zero), rmc.DateTime);
    });

    [Fact]
    public void Unplugged_is_an_error_that_names_the_device() => RunWithGps(async (gps, port) =>
    {
        NmeaReader reader = new(port);
        Assert.NotNull(await reader.ReadAsync());
        gps.Dispose();
        IOException? error = null;
        try
        {
            while (await reader.ReadAsync() is not null)
            {
            }
        }
        catch (IOException e)
        {
            error = e;
        }

        Assert.Contains(gps.DevicePath, error?.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_corrupt_byte_is_counted_as_a_bad_checksum_and_passed_over() => Run($"{Fix.Replace("4807", "4817", StringComparison.Ordinal)}\r\n{Fix}\r\n", async reader =>
    {
        Assert.IsType<GlobalPositioningSystemFixData>(await reader.ReadAsync());
        Assert.Null(await reader.ReadAsync());
        Assert.Equal((1, 1, 0), (reader.Sentences, reader.BadChecksums, reader.Malformed));
    });

    [Fact]
    public void A_cut_first_line_is_counted_as_malformed_and_passed_over() => Run($"{Fix[20..]}\r\n{Fix}\r\n", async reader =>
    {
        Assert.IsType<GlobalPositioningSystemFixData>(await reader.ReadAsync());
        Assert.Equal((1, 0, 1), (reader.Sentences, reader.BadChecksums, reader.Malformed));
    });

    [Fact]
    public void A_line_that_lost_its_end_is_counted_as_malformed_not_taken_without_its_checksum() => Run($"{Fix[..30]}\r\n{Fix[..^3]}\r\n{Fix}\r\n", async reader =>
    {
        Assert.IsType<GlobalPositioningSystemFixData>(await reader.ReadAsync());
        Assert.Equal((1, 0, 2), (reader.Sentences, reader.BadChecksums, reader.Malformed));
    });

    [Theory]
    [InlineData("noise")]
    [InlineData("$")]
    [InlineData("$*00")]
    [InlineData("$GP")]
    [InlineData("$GPGGA")]
    [InlineData("$GPGGA,*")]
    [InlineData("$GPGGA,1*zz")]
    [InlineData("\u0000\u0001\u00ff")]
    public void Garbage_is_counted_and_passed_over(string garbage) => Run($"{garbage}\n{Fix}\n", async reader =>
    {
        Assert.IsType<GlobalPositioningSystemFixData>(await reader.ReadAsync());
        Assert.Equal((1, 1), (reader.Sentences, reader.BadChecksums + reader.Malformed));
    });

    [Fact]
    public void Endless_noise_is_counted_once_and_passed_over() => Run($"{new string('#', 5000)}\n{Fix}\n", async reader =>
    {
        Assert.IsType<GlobalPositioningSystemFixData>(await reader.ReadAsync());
        Assert.Equal((1, 1), (reader.Sentences, reader.Malformed));
        Assert.Equal(5001 + Fix.Length + 1, reader.BytesReceived);
    });

    [Fact]
    public void Empty_lines_are_not_counted() => Run($"\r\n\r\n{Fix}\r\n\r\n", async reader =>
    {
        Assert.NotNull(await reader.ReadAsync());
        Assert.Null(await reader.ReadAsync());
        Assert.Equal((1, 0, 0), (reader.Sentences, reader.BadChecksums, reader.Malformed));
    });

    [Fact]
    public void A_kind_that_the_binding_does_not_know_comes_raw() => Run("$PXYZ,1,2*59\r\n$GPXYZ,1,2*00\r\n", async reader =>
    {
        while (await reader.ReadAsync() is { } sentence)
            Assert.IsType<RawSentence>(sentence);
        Assert.Equal(2, reader.Sentences + reader.BadChecksums + reader.Malformed);
    });

    private static void Run(string text, Func<NmeaReader, Task> body) => CoroutineScheduler.Run(
        () => body(new NmeaReader(new MemoryStream(Encoding.Latin1.GetBytes(text)))),
        new SchedulerOptions { Clock = new TestClock() });

    private static void RunWithGps(Func<VirtualGps, SerialPort, Task> body)
    {
        using VirtualGps gps = new(TimeSpan.FromSeconds(1));
        CoroutineScheduler.Run(
            async () =>
            {
                using SerialPort port = SerialPort.Open(gps.DevicePath);
                _ = Coroutine.Spawn(gps.RunAsync, new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
                await body(gps, port);
            },
            new SchedulerOptions { Clock = new TestClock { Patience = TimeSpan.FromMilliseconds(2) } });
    }
}
