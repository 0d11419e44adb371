using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

public class MonotonicTimeTests
{
    [Fact]
    public void Moments_add_subtract_and_compare()
    {
        MonotonicTime time = new(1_500_000_000);
        Assert.Equal(new MonotonicTime(2_000_000_000), time + TimeSpan.FromMilliseconds(500));
        Assert.Equal(new MonotonicTime(1_000_000_000), time - TimeSpan.FromMilliseconds(500));
        Assert.Equal(TimeSpan.FromMilliseconds(500), time - new MonotonicTime(1_000_000_000));
        Assert.Equal(time.Add(TimeSpan.FromSeconds(1)).Subtract(time), TimeSpan.FromSeconds(1));
        Assert.True(time < new MonotonicTime(1_500_000_001));
        Assert.True(time >= new MonotonicTime(1_500_000_000));
        Assert.True(time.CompareTo(new MonotonicTime(1)) > 0);
        Assert.Equal("1.500000000", time.ToString());
    }

    [Fact]
    public void Sums_stop_at_the_ends_of_time()
    {
        Assert.Equal(new MonotonicTime(long.MaxValue), new MonotonicTime(1) + TimeSpan.MaxValue);
        Assert.Equal(new MonotonicTime(long.MinValue), new MonotonicTime(-1) + TimeSpan.MinValue);
        Assert.Equal(new MonotonicTime(long.MaxValue), new MonotonicTime(long.MaxValue - 1) + TimeSpan.FromTicks(1));
    }

    [Fact]
    public void Now_is_the_virtual_clocks_moment_inside_a_run() => new VirtualRun().Run(async () =>
    {
        MonotonicTime start = MonotonicTime.Now;
        await Coroutine.Sleep(VirtualRun.Seconds(7));
        Assert.Equal(VirtualRun.Seconds(7), MonotonicTime.Now - start);
    });
}
