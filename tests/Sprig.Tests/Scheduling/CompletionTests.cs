using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

#pragma warning disable CA2012 // Misusing ValueTasks is what these tests are about.
public class CompletionTests
{
    private readonly VirtualRun _run = new();
    private readonly WaitQueue _queue = new("queue");

    [Fact]
    public void A_ValueTask_awaited_twice_fails_loudly() => _run.Run(async () =>
    {
        ValueTask<bool> wait = _queue.WaitAsync(VirtualRun.Seconds(1));
        Assert.False(await wait);
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await wait);
        Assert.Contains("awaited before", error.Message, StringComparison.Ordinal);
        // Also when its completion serves another wait by now.
        ValueTask<bool> other = _queue.WaitAsync(VirtualRun.Seconds(1));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await wait);
        Assert.False(await other);
    });

    [Fact]
    public void A_task_made_of_a_killed_wait_is_cancelled_and_not_faulted() => _run.Run(async () =>
    {
        Task? wait = null;
        Coroutine child = Coroutine.Spawn(() => wait = _queue.WaitAsync().AsTask());
        await Coroutine.Yield();
        await Coroutine.Yield();
        await child.KillAsync();
        Assert.Equal(TaskStatus.Canceled, wait!.Status);
        Assert.Equal(CoroutineState.Killed, child.State);
    });

    [Fact]
    public void A_ValueTask_awaited_by_two_at_once_fails_loudly() => _run.Run(async () =>
    {
        ValueTask wait = _queue.WaitAsync();
        Coroutine child = Coroutine.Spawn(async () => await wait);
        await Coroutine.Yield();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await wait);
        _queue.WakeAll();
        await child;
    });

    [Fact]
    public void Blocking_on_a_wait_is_an_error_and_not_a_hang() => _run.Run(async () =>
    {
        ValueTask wait = _queue.WaitAsync();
        Assert.Throws<InvalidOperationException>(() => wait.GetAwaiter().GetResult());
        Assert.False(wait.IsCompleted);
        _queue.WakeAll();
        Assert.True(wait.IsCompletedSuccessfully);
        await wait;
        Coroutine child = Coroutine.Spawn(() => Bodies.SleepFor(1));
        Assert.Throws<InvalidOperationException>(() => child.GetAwaiter().GetResult());
    });

    [Fact]
    public void A_wait_that_has_ended_before_it_is_awaited_goes_on_at_once_and_in_order()
    {
        _run.Run(async () =>
        {
            ValueTask<bool> one = _queue.WaitAsync(VirtualRun.Seconds(1));
            ValueTask<bool> two = _queue.WaitAsync(VirtualRun.Seconds(5));
            Assert.True(_queue.WakeOne());
            _run.At($"{await one}");
            _run.At($"{await two}");
        });
        _run.Log.Expect("0 True", "5 False");
    }

    [Fact]
    public void A_wait_may_be_waited_for_by_several_through_AsTask() => _run.Run(async () =>
    {
        Task<bool> wait = _queue.WaitAsync(VirtualRun.Seconds(10)).AsTask();
        Coroutine[] children = [.. Enumerable.Range(0, 3).Select(_ => Coroutine.Spawn(async () => Assert.True(await wait)))];
        await Coroutine.Yield();
        _queue.WakeOne();
        await Coroutine.JoinAll(children, raiseError: true);
        Assert.True(await wait);
    });

    [Fact]
    public void A_token_from_outside_ends_a_wait_from_any_thread() => _run.Run(async () =>
    {
        using CancellationTokenSource source = new();
        Completion wait = Completion.Begin("something");
        wait.HangOn(_queue);
        wait.HangOnToken(source.Token);
        Thread thread = new(source.Cancel);
        using IDisposable expectation = CoroutineScheduler.Current.ExpectPosts();
        thread.Start();
        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await new ValueTask(wait, wait.Version));
        Assert.Equal(source.Token, error.CancellationToken);
        Assert.Equal(0, _queue.Count);
        thread.Join();
    });

    [Fact]
    public void A_token_cancelled_already_ends_the_wait_at_once() => _run.Run(async () =>
    {
        Completion wait = Completion.Begin("something");
        wait.HangOn(_queue);
        wait.HangOnToken(new CancellationToken(true));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await new ValueTask(wait, wait.Version));
        Assert.Equal(0, _queue.Count);
    });

    [Fact]
    public void A_cancellation_that_comes_late_harms_no_other_wait() => _run.Run(async () =>
    {
        using CancellationTokenSource source = new();
        for (int i = 0; i < 3; i++)
        {
            Completion wait = Completion.Begin("something");
            wait.HangOn(_queue);
            wait.HangOnToken(source.Token);
            _queue.WakeAll();
            await new ValueTask(wait, wait.Version);
        }

        ValueTask<bool> next = _queue.WaitAsync(VirtualRun.Seconds(1));
        await source.CancelAsync();
        Assert.False(await next);
    });

    [Fact]
    public void A_cancellation_under_way_on_another_thread_ends_no_later_wait() => _run.Run(async () =>
    {
        using IDisposable expectation = CoroutineScheduler.Current.ExpectPosts();
        for (int i = 0; i < 300; i++)
        {
            using CancellationTokenSource source = new();
            Completion wait = Completion.Begin("something");
            wait.HangOn(_queue);
            wait.HangOnToken(source.Token);
            Thread thread = new(source.Cancel);
            thread.Start();
            _queue.WakeAll();
            try
            {
                await new ValueTask(wait, wait.Version);
            }
            catch (OperationCanceledException)
            {
                // It was in time.
            }

            for (int next = 0; next < 3; next++)
                Assert.False(await _queue.WaitAsync(TimeSpan.FromTicks(1)));
            thread.Join();
        }
    });
}
#pragma warning restore CA2012
