using Sprig.Devices.Buses;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Devices.Tests.Buses;

/// <summary>AnalogInput: the kernel's converters on a folder that looks as its own, and any code in a lane.</summary>
public sealed class AnalogInputTests : IDisposable
{
    private readonly FileTree _tree = new();

    public AnalogInputTests()
    {
        _tree.Write("iio:device0/name", "rp1-adc\n");
        _tree.Write("iio:device1/name", "ads1015\n");
        _tree.Write("iio:device1/in_voltage0_raw", "1000\n");
        _tree.Write("iio:device1/in_voltage0_scale", "2.000000000\n");
        _tree.Write("iio:device1/in_voltage1_raw", "-50\n");
        _tree.Write("iio:device1/in_voltage_scale", "0.5\n");
    }

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("ads1015")]
    [InlineData("iio:device1")]
    public void A_channel_is_measured_raw_and_in_volts(string device) => BusRun.Run(async () =>
    {
        using IioAnalogInput own = new(device, 0, _tree.Root);
        using IioAnalogInput shared = new(device, 1, _tree.Root);
        Assert.Equal((1000, 2.0), (await own.ReadRawAsync(), await own.ReadAsync()));
        Assert.Equal((-50, -0.025), (await shared.ReadRawAsync(), await shared.ReadAsync()));
        _tree.Write("iio:device1/in_voltage1_offset", "150");
        Assert.Equal((-50, 0.05), (await shared.ReadRawAsync(), await shared.ReadAsync()));
        Assert.Equal("channel 1 of iio:device1 (ads1015)", shared.ToString());
    });

    [Fact]
    public void What_is_not_there_is_refused_and_what_is_is_listed()
    {
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() => new IioAnalogInput("mcp3008", 0, _tree.Root));
        Assert.Contains("iio:device0 (rp1-adc), iio:device1 (ads1015)", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<FileNotFoundException>(() => new IioAnalogInput("ads1015", 2, _tree.Root));
        Assert.Contains("in_voltage0_raw, in_voltage1_raw", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<FileNotFoundException>(() => new IioAnalogInput("ads1015", 0, _tree["none"]));
        Assert.Contains("dtoverlay=ads1115", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new IioAnalogInput("ads1015", -1, _tree.Root));
        Assert.Throws<ArgumentException>(() => new IioAnalogInput("", 0, _tree.Root));
    }

    [Fact]
    public void What_can_not_be_measured_is_an_error_that_names_the_channel() => BusRun.Run(async () =>
    {
        using IioAnalogInput input = new("ads1015", 1, _tree.Root);
        _tree.Write("iio:device1/in_voltage1_raw", "much");
        Assert.Contains("channel 1 of iio:device1 (ads1015)", (await Assert.ThrowsAsync<IOException>(() => input.ReadAsync())).Message, StringComparison.Ordinal);
        File.Delete(_tree["iio:device1/in_voltage1_raw"]);
        Assert.Contains("gone", (await Assert.ThrowsAsync<IOException>(() => input.ReadRawAsync())).Message, StringComparison.Ordinal);
        File.Delete(_tree["iio:device1/in_voltage_scale"]);
        Assert.Contains("no scale", (await Assert.ThrowsAsync<IOException>(() => input.ReadAsync())).Message, StringComparison.Ordinal);
        input.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await input.ReadAsync());
    });

    [Fact]
    public void Any_code_in_a_lane_is_an_input_and_its_values_come_at_a_beat() => BusRun.Run(async () =>
    {
        using Lane lane = new("adc");
        double next = 0;
        using AnalogInput input = AnalogInput.FromLane(lane, () =>
        {
            Assert.True(lane.IsCurrent);
            return next++;
        });
        MonotonicTime start = MonotonicTime.Now;
        List<(double, TimeSpan)> values = [];
        await foreach (double value in input.Values(TimeSpan.FromSeconds(2)))
        {
            values.Add((value, MonotonicTime.Now - start));
            if (values.Count == 3)
                break;
            // Late by more than a beat: that one is left out, and the phase is kept.
            await Coroutine.Sleep(TimeSpan.FromSeconds(values.Count == 1 ? 1 : 3));
        }

        Assert.Equal([(0, TimeSpan.Zero), (1, TimeSpan.FromSeconds(2)), (2, TimeSpan.FromSeconds(5))], values.Select(one => (one.Item1, one.Item2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => input.Values(TimeSpan.Zero));
        input.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await input.ReadAsync());
        Assert.Throws<ArgumentNullException>(() => AnalogInput.FromLane(null!, () => 1));
        Assert.Throws<ArgumentNullException>(() => AnalogInput.FromLane(lane, null!));
    });

    [Fact]
    public void A_cancelled_stream_of_values_ends_at_the_next_beat() => BusRun.Run(async () =>
    {
        using Lane lane = new("adc");
        using AnalogInput input = AnalogInput.FromLane(lane, () => 1);
        using CancellationTokenSource cancellation = new();
        int count = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (double value in input.Values(TimeSpan.FromSeconds(1)).WithCancellation(cancellation.Token))
            {
                if (++count == 2)
                    await cancellation.CancelAsync();
            }
        });
        Assert.Equal(2, count);
    });
}
