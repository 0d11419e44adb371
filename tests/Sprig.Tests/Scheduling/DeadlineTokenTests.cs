using System.Reflection;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>Deadline.Token: for awaits of foreign code.</summary>
public class DeadlineTokenTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void The_token_is_cancelled_when_the_deadline_passes() => _run.Run(async () =>
    {
        using Deadline deadline = Deadline.After(VirtualRun.Seconds(1));
        CancellationToken token = deadline.Token;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new TaskCompletionSource().Task.WaitAsync(token));
        Assert.Equal(VirtualRun.Seconds(1), _run.Clock.Elapsed);
    });

    [Fact]
    public void A_silent_deadline_takes_its_tokens_cancellation_for_its_own() => _run.Run(async () =>
    {
        Deadline? innermost = null;
        bool inTime = await Deadline.TryRunAsync(VirtualRun.Seconds(1), async () =>
        {
            innermost = Coroutine.Current.InnermostDeadline;
            await new TaskCompletionSource().Task.WaitAsync(innermost!.Token);
        });
        Assert.False(inTime);
        await Bodies.SleepFor(1);
    });

    [Fact]
    public void The_token_is_cancelled_when_the_coroutine_is_killed() => _run.Run(async () =>
    {
        Coroutine child = Coroutine.Spawn(async () =>
        {
            using Deadline deadline = Deadline.After(VirtualRun.Seconds(100));
            await new TaskCompletionSource().Task.WaitAsync(deadline.Token);
        });
        await Bodies.SleepFor(1);
        await child.KillAsync();
        Assert.Equal(CoroutineState.Killed, child.State);
        Assert.Equal(VirtualRun.Seconds(1), _run.Clock.Elapsed);
    });

    [Fact]
    public void A_token_taken_after_the_deadline_has_passed_is_cancelled_already() => _run.Run(async () =>
    {
        using Deadline deadline = Deadline.After(VirtualRun.Seconds(1));
        await Assert.ThrowsAsync<DeadlineExceededException>(Bodies.SleepForEver);
        Assert.True(deadline.Token.IsCancellationRequested);
    });

    [Fact]
    public void A_registration_on_the_token_that_throws_is_reported_and_does_not_end_the_run()
    {
        _run.Run(async () =>
        {
            using Deadline deadline = Deadline.After(VirtualRun.Seconds(1));
            deadline.Token.Register(() => throw new InvalidOperationException("thrown by a registration"));
            await Assert.ThrowsAsync<DeadlineExceededException>(Bodies.SleepForEver);
            _run.At("went on");
        });
        _run.Log.Expect("1 went on");
        Assert.Contains("thrown by a registration", _run.Errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_token_of_an_inner_deadline_is_cancelled_by_an_outer_one_whose_catcher_takes_it_for_its_own() => _run.Run(async () =>
    {
        bool inner = true;
        bool outer = await Deadline.TryRunAsync(VirtualRun.Seconds(1), async () =>
        {
            inner = await Deadline.TryRunAsync(VirtualRun.Seconds(100), async () =>
            {
                await Deadline.TryRunAsync(VirtualRun.Seconds(50), AwaitForeign);
                _run.At("the innermost caught what was not its own");
            });
            _run.At("the inner one caught what was not its own");
        });
        Assert.False(outer);
        Assert.True(inner);
        Assert.Equal(VirtualRun.Seconds(1), _run.Clock.Elapsed);
        Assert.Equal(0, _run.Log.Count);
        await Bodies.SleepFor(1);
    });

    [Fact]
    public void An_outer_deadline_keeps_nothing_of_the_inner_ones_that_were_left_in_time() => _run.Run(async () =>
    {
        using Deadline outer = Deadline.After(VirtualRun.Seconds(1000));
        List<WeakReference> inner = [];
        for (int i = 0; i < 10; i++)
            await Take();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.All(inner, source => Assert.False(source.IsAlive));

        async Task Take()
        {
            using Deadline deadline = Deadline.After(VirtualRun.Seconds(10));
            inner.Add(new WeakReference(SourceOf(deadline.Token)));
            await Coroutine.Yield();
        }
    });

    private static object? SourceOf(CancellationToken token)
        => typeof(CancellationToken).GetField("_source", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(token);

    private static Task AwaitForeign() => new TaskCompletionSource().Task.WaitAsync(Coroutine.Current.InnermostDeadline!.Token);
}
