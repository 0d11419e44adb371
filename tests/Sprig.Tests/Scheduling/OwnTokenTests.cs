using Sprig.Scheduling;
using Sprig.Testing;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>A coroutine's own token in its own waits: it tells of the kill, which ends them anyway.</summary>
public class OwnTokenTests
{
    [Fact]
    public void A_wait_with_it_is_no_wait_for_the_outside()
    {
        // Virtual time would wait so long, in real time, for a token of somebody else.
        TestClock clock = new() { Patience = TimeSpan.FromHours(1) };
        CoroutineScheduler.Run(
            async () => Assert.False(await new WaitQueue("a test").WaitAsync(TimeSpan.FromDays(1), Coroutine.Current.Token)),
            new SchedulerOptions { Clock = clock });
        Assert.Equal(TimeSpan.FromDays(1), clock.Elapsed);
    }

    [Fact]
    public void A_kill_ends_a_wait_with_it() => CoroutineScheduler.Run(
        async () =>
        {
            Coroutine waiting = Coroutine.Spawn(async () => await new WaitQueue("a test").WaitAsync(Coroutine.Current.Token));
            await Coroutine.Yield();
            await waiting.KillAsync();
            Assert.Equal(CoroutineState.Killed, waiting.State);
        },
        new SchedulerOptions { Clock = new TestClock() });

    [Fact]
    public void The_token_of_another_ends_it_as_before() => CoroutineScheduler.Run(
        async () =>
        {
            Coroutine other = Coroutine.Spawn(async () => await Coroutine.Sleep(Timeout.InfiniteTimeSpan));
            Coroutine waiting = Coroutine.Spawn(async () => await new WaitQueue("a test").WaitAsync(other.Token));
            await Coroutine.Yield();
            await other.KillAsync();
            await waiting.JoinAsync();
            Assert.Throws<OperationCanceledException>(() => waiting.GetAwaiter().GetResult());
        },
        new SchedulerOptions { Clock = new TestClock() });
}
