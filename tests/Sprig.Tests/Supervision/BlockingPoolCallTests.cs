using Sprig.Scheduling;
using Sprig.Supervision;
using Sprig.Tests.Scheduling;
using Xunit;

namespace Sprig.Tests.Supervision;

/// <summary>BlockingPool: callers that block.</summary>
public sealed class BlockingPoolCallTests : IDisposable
{
    private readonly BlockingPool _pool = new(1, Timeout.InfiniteTimeSpan, "bus");
    private readonly ManualResetEventSlim _gate = new();

    public void Dispose()
    {
        _gate.Set();
        _pool.Dispose();
        _gate.Dispose();
    }

    [Fact]
    public void A_call_runs_on_a_thread_of_the_pool_with_a_scheduler_and_without()
    {
        int here = Environment.CurrentManagedThreadId;
        Thread there = _pool.Run(() => Thread.CurrentThread);
        Assert.NotEqual(here, there.ManagedThreadId);
        Assert.False(_pool.IsCurrent);
        new VirtualRun().Run(async () =>
        {
            Assert.Same(there, _pool.Run(() => Thread.CurrentThread));
            Assert.Same(there, await _pool.RunAsync(() => Thread.CurrentThread));
        });
    }

    [Fact]
    public void It_takes_its_turn_behind_what_came_before()
    {
        List<int> order = [];
        VirtualRun run = new();
        run.Run(async () =>
        {
            Coroutine[] callers = [.. Enumerable.Range(1, 3).Select(number => Coroutine.Spawn(() => _pool.RunAsync(() => order.Add(number))))];
            await Coroutine.Yield();
            await Coroutine.Yield();
            _pool.Run(() => order.Add(4));
            Assert.Equal([1, 2, 3, 4], order);
            await Coroutine.JoinAll(callers);
        });
    }

    [Fact]
    public void On_a_thread_of_the_pool_it_runs_at_once()
    {
        using BlockingPool other = new(1);
        Assert.Equal((true, 3), _pool.Run(() => (_pool.IsCurrent, _pool.Run(() => 3))));
        // In another pool it does not, though the caller is a thread of one.
        Assert.True(_pool.Run(() => !other.IsCurrent && other.Run(() => other.IsCurrent && !_pool.IsCurrent)));
    }

    [Fact]
    public void What_the_code_throws_comes_to_the_caller_with_its_own_stack()
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => _pool.Run(Fail));
        Assert.Contains(nameof(Fail), error.StackTrace, StringComparison.Ordinal);
        Assert.Equal(1, _pool.Run(() => 1));
    }

    [Fact]
    public void Bad_input_is_refused_at_once()
    {
        Assert.Throws<ArgumentNullException>(() => _pool.Run(null!));
        Assert.Throws<ArgumentNullException>(() => _pool.Run<int>(null!));
        Assert.Throws<ArgumentException>(() => { _ = _pool.Run(() => Task.CompletedTask); });
        _pool.Dispose();
        Assert.Throws<InvalidOperationException>(() => _pool.Run(() => 1));
    }

    [Fact]
    public void One_that_waits_in_the_line_when_that_is_dropped_is_cancelled()
    {
        Exception? error = null;
        Thread first = Started(() => _pool.Run(() => _gate.Wait()), pending: 0);
        Thread second = Started(() => error = Record.Exception(() => _pool.Run(() => 1)), pending: 1);
        _ = _pool.ShutdownAsync(wait: false, cancelPending: true);
        second.Join();
        Assert.IsType<OperationCanceledException>(error);
        _gate.Set();
        first.Join();
    }

    [Fact]
    public void One_whose_thread_is_interrupted_goes_and_what_has_not_begun_never_runs()
    {
        bool ran = false;
        Exception? error = null;
        Thread first = Started(() => _pool.Run(() => _gate.Wait()), pending: 0);
        Thread second = Started(() => error = Record.Exception(() => _pool.Run(() => { ran = true; })), pending: 1);
        second.Interrupt();
        second.Join();
        Assert.IsType<ThreadInterruptedException>(error);
        Assert.Equal(0, _pool.PendingCount);
        _gate.Set();
        first.Join();
        _pool.Run(() => { });
        Assert.False(ran);
    }

    private Thread Started(ThreadStart body, int pending)
    {
        Thread thread = new(body);
        thread.Start();
        Assert.True(SpinWait.SpinUntil(() => _pool.ThreadCount == 1 && _pool.PendingCount == pending, TimeSpan.FromSeconds(30)));
        return thread;
    }

    private static int Fail() => throw new InvalidOperationException("broken");
}
