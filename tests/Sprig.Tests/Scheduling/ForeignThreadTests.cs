using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>What a thread that is not the loop's is refused, before it has done anything.</summary>
public class ForeignThreadTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void A_kill_from_another_thread_is_refused_and_kills_nobody() => _run.Run(async () =>
    {
        Coroutine sleeper = await SleeperAsync();
        Assert.Contains("'sleeper'", OnAnotherThread(() => sleeper.Kill()), StringComparison.Ordinal);
        Assert.False(sleeper.IsKillRequested);
        await sleeper;
    });

    [Fact]
    public void KillAsync_from_another_scheduler_is_refused_and_kills_nobody() => _run.Run(async () =>
    {
        Coroutine sleeper = await SleeperAsync();
        string refusal = OnAnotherThread(() => CoroutineScheduler.Run(async () => await sleeper.KillAsync()));
        Assert.Contains("'sleeper'", refusal, StringComparison.Ordinal);
        Assert.Contains("Post", refusal, StringComparison.Ordinal);
        await sleeper;
    });

    [Fact]
    public void Taking_a_callback_back_on_another_thread_is_refused() => _run.Run(async () =>
    {
        Coroutine sleeper = await SleeperAsync();
        int calls = 0;
        void Count(Coroutine ended) => calls++;
        sleeper.AddDoneCallback(Count);
        _ = OnAnotherThread(() => sleeper.RemoveDoneCallback(Count));
        await sleeper;
        await Coroutine.Yield();
        Assert.Equal(1, calls);
    });

    [Fact]
    public void Leaving_a_deadline_on_another_thread_is_refused_and_it_still_passes() => _run.Run(async () =>
    {
        using Deadline deadline = Deadline.After(VirtualRun.Seconds(1));
        Assert.Contains("'main'", OnAnotherThread(deadline.Dispose), StringComparison.Ordinal);
        await Assert.ThrowsAsync<DeadlineExceededException>(async () => await Coroutine.Sleep(VirtualRun.Seconds(2)));
    });

    [Fact]
    public void One_that_has_ended_may_be_killed_from_anywhere() => _run.Run(async () =>
    {
        Coroutine ended = Coroutine.Spawn(() => Task.CompletedTask);
        await ended;
        Thread thread = new(() => ended.Kill());
        thread.Start();
        thread.Join();
        Assert.Equal(CoroutineState.Completed, ended.State);
    });

    private static async Task<Coroutine> SleeperAsync()
    {
        Coroutine sleeper = Coroutine.Spawn(async () => await Coroutine.Sleep(VirtualRun.Seconds(1)), new SpawnOptions { Name = "sleeper" });
        await Coroutine.Yield();
        return sleeper;
    }

    private static string OnAnotherThread(Action action)
    {
        Exception? error = null;
        Thread thread = new(() => error = Record.Exception(action));
        thread.Start();
        thread.Join();
        return Assert.IsType<InvalidOperationException>(error).Message;
    }
}
