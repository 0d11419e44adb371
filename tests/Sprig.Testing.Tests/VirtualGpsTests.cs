using System.Globalization;
using Sprig.IO.Ports;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Testing.Tests;

public class VirtualGpsTests
{
    [Fact]
    public void It_writes_a_position_at_each_beat_as_two_sentences_with_right_checksums() => Run(async (gps, port) =>
    {
        for (int beat = 1; beat <= 3; beat++)
        {
            string rmc = (await port.ReadLineAsync())!, gga = (await port.ReadLineAsync())!;
            Assert.StartsWith("$GPRMC,", rmc, StringComparison.Ordinal);
            Assert.StartsWith("$GPGGA,", gga, StringComparison.Ordinal);
            Assert.All([rmc, gga], line => Assert.Equal(Checksum(line), line[^2..]));
            // By the virtual clock: midnight and so many beats.
            Assert.Equal($"00000{beat}", rmc.Split(',')[1][..6]);
            Assert.Equal(rmc.Split(',')[3..7], gga.Split(',')[2..6]);
        }

        Assert.Equal(6, gps.Sentences);
        Assert.Equal(0, gps.Dropped);
    });

    [Fact]
    public void What_nobody_reads_is_dropped_and_the_beat_goes_on() => RunAlone(async gps =>
    {
        await Coroutine.Sleep(TimeSpan.FromMinutes(10));
        Assert.True(gps.Dropped > 0);
        Assert.InRange(gps.Sentences + gps.Dropped, 1198, 1200);
    });

    [Fact]
    public void Unplugged_it_ends_and_the_reader_gets_an_error_that_names_the_device() => Run(async (gps, port) =>
    {
        await port.ReadLineAsync();
        gps.Dispose();
        IOException? error = null;
        try
        {
            while (true)
                await port.ReadLineAsync();
        }
        catch (IOException e)
        {
            error = e;
        }

        Assert.Contains(gps.DevicePath, error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void It_needs_a_period()
        => Assert.Throws<ArgumentOutOfRangeException>(() => new VirtualGps(TimeSpan.Zero));

    private static void Run(Func<VirtualGps, SerialPort, Task> body) => RunAlone(async gps =>
    {
        using SerialPort port = SerialPort.Open(gps.DevicePath);
        await body(gps, port);
    }, patience: 100);

    /// <param name="body">What is done with it.</param>
    /// <param name="patience">In milliseconds of real time: where a line is awaited, the kernel must have the time to bring it, on a
    /// busy machine too, before virtual time goes on.</param>
    private static void RunAlone(Func<VirtualGps, Task> body, int patience = 2)
    {
        using VirtualGps gps = new(TimeSpan.FromSeconds(1));
        CoroutineScheduler.Run(
            async () =>
            {
                Coroutine sender = Coroutine.Spawn(gps.RunAsync, new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
                await body(gps);
                if (sender.State == CoroutineState.Faulted)
                    await sender;
            },
            new SchedulerOptions { Clock = new TestClock { Patience = TimeSpan.FromMilliseconds(patience) } });
    }

    private static string Checksum(string sentence)
    {
        int star = sentence.LastIndexOf('*');
        return sentence[1..star].Aggregate(0, (sum, one) => sum ^ one).ToString("X2", CultureInfo.InvariantCulture);
    }
}
