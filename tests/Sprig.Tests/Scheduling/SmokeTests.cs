using Sprig.Scheduling;
using Sprig.Testing;
using Xunit;

namespace Sprig.Tests.Scheduling;

public class SmokeTests
{
    [Fact]
    public void Sleeps_in_virtual_time()
    {
        TestClock clock = new();
        CoroutineScheduler.Run(
            async () => await Coroutine.Sleep(TimeSpan.FromHours(1)),
            new SchedulerOptions { Clock = clock });
        Assert.Equal(TimeSpan.FromHours(1), clock.Elapsed);
    }
}
