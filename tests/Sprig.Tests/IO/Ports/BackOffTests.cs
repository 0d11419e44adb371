using Sprig.IO.Ports;
using Xunit;

namespace Sprig.Tests.IO.Ports;

public class BackOffTests
{
    [Fact]
    public void Each_time_is_twice_the_one_before_up_to_the_longest()
    {
        BackOff backOff = new(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(100));
        Assert.Equal([20, 40, 80, 100, 100], Enumerable.Range(0, 5).Select(_ => backOff.Next().TotalMilliseconds));
        backOff.Reset();
        Assert.Equal(20, backOff.Next().TotalMilliseconds);
    }

    [Fact]
    public void One_time_may_be_first_and_longest()
    {
        BackOff backOff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        Assert.Equal([1, 1, 1], Enumerable.Range(0, 3).Select(_ => backOff.Next().TotalSeconds));
    }
}
