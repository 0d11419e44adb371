using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>Deadline.Expire: a scope that is cancelled by hand.</summary>
public class DeadlineExpireTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void It_is_as_if_the_time_were_over_now()
    {
        _run.Run(async () =>
        {
            using Deadline deadline = Deadline.After(Timeout.InfiniteTimeSpan);
            _ = Coroutine.SpawnAfter(VirtualRun.Seconds(1), async () => deadline.Expire());
            DeadlineExceededException error = await Assert.ThrowsAsync<DeadlineExceededException>(Bodies.SleepForEver);
            _run.At($"{error.Deadline == deadline} {deadline.HasPassed} {error.Message}");
            deadline.Expire();
            await Bodies.SleepFor(1);
            _run.At("once");
        });
        _run.Log.Expect("1 True True The deadline was expired.", "2 once");
    }

    [Fact]
    public void One_with_a_time_is_expired_before_it_and_not_again_when_it_comes()
    {
        _run.Run(async () =>
        {
            using Deadline deadline = Deadline.After(VirtualRun.Seconds(5));
            deadline.Expire();
            _run.At("still in the step");
            await Assert.ThrowsAsync<DeadlineExceededException>(Bodies.SleepForEver);
            await Bodies.SleepFor(9);
            _run.At("once");
        });
        _run.Log.Expect("0 still in the step", "9 once");
    }

    [Fact]
    public void Its_token_is_cancelled() => _run.Run(async () =>
    {
        using Deadline deadline = Deadline.After(Timeout.InfiniteTimeSpan);
        CancellationToken token = deadline.Token;
        _ = Coroutine.SpawnAfter(VirtualRun.Seconds(1), async () => deadline.Expire());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new TaskCompletionSource().Task.WaitAsync(token));
    });

    [Fact]
    public void After_its_block_it_does_nothing()
    {
        _run.Run(async () =>
        {
            Deadline deadline = Deadline.After(Timeout.InfiniteTimeSpan);
            deadline.Dispose();
            deadline.Expire();
            await Bodies.SleepFor(1);
            _run.At($"{deadline.HasPassed}");
        });
        _run.Log.Expect("1 False");
    }

    [Fact]
    public void An_outer_one_ends_the_inner_blocks_and_is_caught_by_its_own_catcher()
    {
        _run.Run(async () =>
        {
            Deadline outer = Deadline.After(Timeout.InfiniteTimeSpan);
            using (outer)
            {
                _ = Coroutine.SpawnAfter(VirtualRun.Seconds(1), async () => outer.Expire());
                DeadlineExceededException error = await Assert.ThrowsAsync<DeadlineExceededException>(
                    () => Deadline.TryRunAsync(VirtualRun.Seconds(5), Bodies.SleepForEver));
                _run.At($"{error.Deadline == outer}");
            }
        });
        _run.Log.Expect("1 True");
    }

    [Fact]
    public void On_another_thread_it_is_refused() => _run.Run(async () =>
    {
        using Deadline deadline = Deadline.After(Timeout.InfiniteTimeSpan);
        Exception? error = null;
        Thread thread = new(() => error = Record.Exception(deadline.Expire));
        thread.Start();
        thread.Join();
        Assert.Contains("scheduler.Post", Assert.IsType<InvalidOperationException>(error).Message, StringComparison.Ordinal);
        await Bodies.SleepFor(1);
        Assert.False(deadline.HasPassed);
    });

    [Fact]
    public void It_says_which_exceptions_are_its_doing_and_what_is_around_it() => _run.Run(async () =>
    {
        using Deadline outer = Deadline.After(VirtualRun.Seconds(1));
        using Deadline inner = Deadline.After(VirtualRun.Seconds(9));
        Assert.Same(outer, inner.Outer);
        Assert.Null(outer.Outer);
        Exception byWait = await Assert.ThrowsAsync<DeadlineExceededException>(Bodies.SleepForEver);
        Exception byToken = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new TaskCompletionSource().Task.WaitAsync(outer.Token));
        foreach (Exception error in (Exception[])[byWait, byToken])
            Assert.True(outer.Caused(error) && !inner.Caused(error));
        // Its token is cancelled by a kill too; then the deadline has caused nothing.
        Assert.False(inner.Caused(new OperationCanceledException(inner.Token)));
        Assert.False(outer.Caused(new InvalidOperationException()));
    });
}
