using Sprig.IO;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO;

public class GpioEdgeTests
{
    private static readonly GpioEdge s_edge = new(17, true, new MonotonicTime(1_500_000_000_123), 4);

    [Fact]
    public void Its_stamp_is_of_the_loops_clock_unless_asked_for_otherwise()
    {
        Assert.Equal(GpioClock.Monotonic, s_edge.Clock);
        Assert.Equal(new MonotonicTime(1_500_000_000_123), s_edge.Timestamp);
        Assert.Contains(nameof(GpioEdge.Timestamp), Assert.Throws<InvalidOperationException>(() => s_edge.WallTime).Message, StringComparison.Ordinal);
        Assert.Equal("GpioEdge { Line = 17, IsRising = True, Sequence = 4, Monotonic = 1500.000000123 }", s_edge.ToString());
    }

    [Fact]
    public void A_stamp_of_the_walls_clock_is_not_given_out_as_one_of_the_loops()
    {
        GpioEdge wall = s_edge with { Clock = GpioClock.Realtime, Nanoseconds = 1_700_000_000_123_456_789 };
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000).AddTicks(1_234_567), wall.WallTime);
        Assert.Contains(nameof(GpioEdge.WallTime), Assert.Throws<InvalidOperationException>(() => wall.Timestamp).Message, StringComparison.Ordinal);
        Assert.Equal("GpioEdge { Line = 17, IsRising = True, Sequence = 4, Realtime = 1700000000.123456789 }", wall.ToString());
        Assert.NotEqual(s_edge, wall);
    }

    [Fact]
    public void A_stamp_of_the_hardware_is_a_number_and_nothing_else()
    {
        GpioEdge hardware = s_edge with { Clock = GpioClock.Hardware };
        Assert.Equal(1_500_000_000_123, hardware.Nanoseconds);
        Assert.Contains(nameof(GpioEdge.Nanoseconds), Assert.Throws<InvalidOperationException>(() => hardware.Timestamp).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => hardware.WallTime);
    }

    [Fact]
    public void Edges_are_equal_by_their_stamps_too()
    {
        Assert.Equal(s_edge, new GpioEdge(17, true, new MonotonicTime(1_500_000_000_123), 4));
        Assert.NotEqual(s_edge, s_edge with { Timestamp = new MonotonicTime(1) });
    }
}
