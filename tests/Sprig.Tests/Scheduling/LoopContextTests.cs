using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

public class LoopContextTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void Foreign_tasks_come_home_on_the_loop_thread_in_the_right_coroutine()
    {
        _run.Run(async () =>
        {
            int loop = Environment.CurrentManagedThreadId;
            Coroutine[] children = [.. Enumerable.Range(0, 50).Select(number => Coroutine.Spawn(async () =>
            {
                for (int i = 0; i < 20; i++)
                {
                    Coroutine self = Coroutine.Current;
                    int elsewhere = await Elsewhere(() => Environment.CurrentManagedThreadId);
                    Assert.NotEqual(loop, elsewhere);
                    Assert.Equal(loop, Environment.CurrentManagedThreadId);
                    Assert.Same(self, Coroutine.Current);
                    await Coroutine.Yield();
                    Assert.Same(self, Coroutine.Current);
                }
            }))];
            await Coroutine.JoinAll(children, raiseError: true);
        });
    }

    [Fact]
    public void A_foreign_task_that_fails_throws_in_its_coroutine() => _run.Run(async () =>
    {
        Coroutine self = Coroutine.Current;
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Elsewhere<int>(() => throw new InvalidOperationException("from elsewhere")));
        Assert.Equal("from elsewhere", error.Message);
        Assert.Same(self, Coroutine.Current);
    });

    [Fact]
    public void ConfigureAwait_false_inside_a_library_over_our_waits_stays_on_the_loop_thread() => _run.Run(async () =>
    {
        int loop = Environment.CurrentManagedThreadId;
        WaitQueue queue = new("queue");
        Coroutine child = Coroutine.Spawn(async () =>
        {
            Coroutine self = Coroutine.Current;
            await Library();
            Assert.Equal(loop, Environment.CurrentManagedThreadId);
            Assert.Same(self, Coroutine.Current);
            Assert.NotNull(SynchronizationContext.Current);
        });
        while (child.IsAlive)
        {
            queue.WakeAll();
            await Bodies.SleepFor(0.25);
        }

        await child;

        async Task Library()
        {
            Coroutine self = Coroutine.Current;
            for (int i = 0; i < 3; i++)
            {
                await Inner().ConfigureAwait(false);
                Assert.Equal(loop, Environment.CurrentManagedThreadId);
                Assert.Same(self, Coroutine.Current);
                await Coroutine.Sleep(VirtualRun.Seconds(1)).AsValueTask().ConfigureAwait(false);
                Assert.Equal(loop, Environment.CurrentManagedThreadId);
                Assert.Same(self, Coroutine.Current);
            }
        }

        async ValueTask Inner() => await queue.WaitAsync().ConfigureAwait(false);
    });

    [Fact]
    public void A_body_that_leaves_the_loop_thread_for_good_ends_on_it_nevertheless()
    {
        _run.Run(async () =>
        {
            int loop = Environment.CurrentManagedThreadId;
            int ended = 0;
            WaitQueue queue = new("queue");
            for (int i = 0; i < 20; i++)
            {
                // The first wait takes the context away, the second the thread.
                Coroutine child = Coroutine.Spawn(async () =>
                {
                    await queue.WaitAsync().ConfigureAwait(false);
                    await Elsewhere(() => 0).ConfigureAwait(false);
                });
                child.AddDoneCallback(_ => ended += Environment.CurrentManagedThreadId == loop ? 1 : 0);
                await Coroutine.Yield();
                queue.WakeAll();
                await child;
                Assert.Equal(CoroutineState.Completed, child.State);
            }

            await Coroutine.Yield();
            Assert.Equal(20, ended);
        });
    }

    [Fact]
    public void A_coroutine_that_has_left_its_thread_is_told_so_when_it_uses_the_loop() => _run.Run(async () =>
    {
        TaskCompletionSource foreign = new();
        Coroutine child = Coroutine.Spawn(async () =>
        {
            await foreign.Task.ConfigureAwait(false);
            await Coroutine.Yield();
        });
        // Not before it is awaited: else the coroutine would just go on where it is.
        await Coroutine.Yield();
        await Elsewhere(foreign.TrySetResult);
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await child);
        Assert.Contains("ConfigureAwait(false)", error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_wait_of_the_loop_awaited_on_another_thread_is_an_error() => _run.Run(async () =>
    {
        WaitQueue queue = new("queue");
        ValueTask wait = queue.WaitAsync();
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => Elsewhere(() =>
        {
#pragma warning disable CA2012 // That is the point.
            return wait.GetAwaiter().IsCompleted;
#pragma warning restore CA2012
        }));
        Assert.Contains("on another thread", error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Send_from_another_thread_runs_on_the_loop_and_returns_when_it_has() => _run.Run(async () =>
    {
        int loop = Environment.CurrentManagedThreadId;
        SynchronizationContext context = SynchronizationContext.Current!;
        bool ran = await Elsewhere(() =>
        {
            bool done = false;
            context.Send(_ => done = Environment.CurrentManagedThreadId == loop, null);
            return done;
        });
        Assert.True(ran);
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => Elsewhere(() =>
        {
            context.Send(_ => throw new InvalidOperationException("thrown by the sent"), null);
            return 0;
        }));
        Assert.Equal("thrown by the sent", error.InnerException!.Message);
    });

    [Fact]
    public void Send_on_the_loop_thread_runs_inline_and_Post_never_does()
    {
        _run.Run(async () =>
        {
            SynchronizationContext context = SynchronizationContext.Current!;
            Assert.Same(context, context.CreateCopy());
            context.Post(state => _run.Log.Add($"posted {state} {Coroutine.Current.Name}"), 1);
            context.Send(state => _run.Log.Add($"sent {state} {Coroutine.Current.Name}"), 2);
            _run.Log.Add("step ends");
            await Coroutine.Yield();
        });
        _run.Log.Expect("sent 2 main", "step ends", "posted 1 main");
    }

    [Fact]
    public void A_sender_that_comes_as_the_run_ends_is_told_and_not_left_waiting()
    {
        Exception? error = null;
        Thread? sender = null;
        _run.Run(() =>
        {
            SynchronizationContext context = SynchronizationContext.Current!;
            CoroutineScheduler scheduler = CoroutineScheduler.Current;
            sender = new Thread(() => error = Record.Exception(() => context.Send(_ => { }, null)));
            sender.Start();
            // Ends as soon as the mail has arrived: nobody will take it.
            SpinWait.SpinUntil(() => scheduler.Inbox.HasMail);
            return Task.CompletedTask;
        });
        sender!.Join();
        Assert.Contains("run has ended", Assert.IsType<InvalidOperationException>(error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_async_void_method_that_throws_is_reported_in_its_coroutines_name()
    {
        _run.Run(async () =>
        {
            Throw();
            await Bodies.SleepFor(1);
            _run.At("went on");
        });
        _run.Log.Expect("1 went on");
        _run.Reports.Expect("callback of main: thrown by async void");

        static async void Throw()
        {
            await Coroutine.Yield();
            throw new InvalidOperationException("thrown by async void");
        }
    }

    [Fact]
    public void The_callers_context_is_restored_after_the_run()
    {
        SynchronizationContext mine = new();
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(mine);
        try
        {
            _run.Run(() => Bodies.SleepFor(1));
            Assert.Same(mine, SynchronizationContext.Current);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private static Task<T> Elsewhere<T>(Func<T> work)
        => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
