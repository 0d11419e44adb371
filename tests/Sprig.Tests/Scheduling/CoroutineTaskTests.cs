using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>Coroutine.AsTask and CoroutineTaskExtensions.</summary>
public class CoroutineTaskTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void A_coroutine_as_a_task_gives_its_result_when_it_has_ended() => _run.Run(async () =>
    {
        Coroutine<int> child = Coroutine.Spawn(async () =>
        {
            await Bodies.SleepFor(1);
            return 42;
        });
        Task<int> before = child.AsTask();
        Task plain = ((Coroutine)child).AsTask();
        Assert.False(before.IsCompleted);
        Assert.Equal(42, await before);
        await plain;
        Assert.Equal(42, await child.AsTask());
        Assert.True(child.AsTask().IsCompletedSuccessfully);
    });

    [Fact]
    public void A_failed_one_gives_a_task_with_the_same_instance_and_that_counts_as_looking()
    {
        _run.Run(async () =>
        {
            Coroutine before = Coroutine.Spawn(() => Bodies.Fail("before"));
            Task early = before.AsTask();
            Coroutine after = Coroutine.Spawn(() => Bodies.Fail("after"));
            await Coroutine.JoinAll(before, after);
            Exception error = await Assert.ThrowsAsync<InvalidOperationException>(() => early);
            Assert.Same(before.Exception, error);
            Assert.Contains(nameof(Bodies.Fail), error.StackTrace, StringComparison.Ordinal);
            Assert.True(after.AsTask().IsFaulted);
        });
        _run.Reports.Expect();
    }

    [Fact]
    public void A_killed_one_gives_a_cancelled_task() => _run.Run(async () =>
    {
        Coroutine child = Coroutine.Spawn(Bodies.SleepForEver);
        Task task = child.AsTask();
        await Coroutine.Yield();
        await child.KillAsync();
        Assert.True(task.IsCanceled);
        Assert.True(child.AsTask().IsCanceled);
        await Assert.ThrowsAsync<TaskCanceledException>(() => task);
    });

    [Fact]
    public void Tasks_of_coroutines_are_combined_without_leaving_the_loop()
    {
        int thread = Environment.CurrentManagedThreadId;
        _run.Run(async () =>
        {
            Coroutine<int>[] children = [Giver(2), Giver(1), Giver(3)];
            Task<int[]> all = Task.WhenAll(children.Select(child => child.AsTask()));
            _run.At($"{await await Task.WhenAny(children.Select(child => child.AsTask()))}");
            Coroutine join = Coroutine.Spawn(() => Coroutine.JoinAll(children));
            await join;
            // In the very step in which the last has ended.
            _run.At($"{all.IsCompleted} {string.Join(' ', await all)} {thread == Environment.CurrentManagedThreadId}");
        });
        _run.Log.Expect("1 1", "3 True 2 1 3 True");
    }

    [Fact]
    public void What_awaits_the_task_elsewhere_never_runs_on_the_loop()
    {
        int loop = Environment.CurrentManagedThreadId;
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(() => Bodies.SleepFor(1));
            Task task = child.AsTask();
            Task<int> foreign = Foreign(task);
            Assert.NotEqual(loop, await foreign);
        });

        static async Task<int> Foreign(Task task)
        {
            await task.ConfigureAwait(false);
            return Environment.CurrentManagedThreadId;
        }
    }

    [Fact]
    public void A_task_as_a_coroutine_ends_as_the_task_does()
    {
        _run.Run(async () =>
        {
            TaskCompletionSource<int> source = new();
            Coroutine<int> child = source.Task.AsCoroutine(new SpawnOptions { Name = "foreign" });
            Coroutine plain = ((Task)source.Task).AsCoroutine();
            _ = Coroutine.SpawnAfter(VirtualRun.Seconds(1), async () => source.SetResult(42));
            await Coroutine.Yield();
            _run.At($"{child.Name} {child.State} {child.SpawnedAt.Contains(nameof(CoroutineTaskTests), StringComparison.Ordinal)}");
            _run.At($"{await child}");
            await plain;
            _run.At($"{child.State} {plain.State} {await Task.FromResult(1).AsCoroutine()}");
        });
        _run.Log.Expect("0 foreign Blocked True", "1 42", "1 Completed Completed 1");
    }

    [Fact]
    public void A_task_that_fails_or_is_cancelled_fails_the_coroutine() => _run.Run(async () =>
    {
        InvalidOperationException broken = new("broken");
        Coroutine failed = Task.FromException(broken).AsCoroutine();
        Coroutine<int> cancelled = Task.FromCanceled<int>(new CancellationToken(true)).AsCoroutine();
        TaskCompletionSource late = new();
        Coroutine lateFailed = late.Task.AsCoroutine();
        await Coroutine.Yield();
        late.SetException(broken);
        Assert.Same(broken, await Assert.ThrowsAsync<InvalidOperationException>(async () => await failed));
        Assert.Same(broken, await Assert.ThrowsAsync<InvalidOperationException>(async () => await lateFailed));
        await Assert.ThrowsAsync<TaskCanceledException>(async () => await cancelled);
        Assert.Equal(CoroutineState.Faulted, cancelled.State);
    });

    [Fact]
    public void Killing_it_ends_the_handle_and_leaves_the_task_running()
    {
        _run.Run(async () =>
        {
            TaskCompletionSource<int> source = new();
            Coroutine<int> child = source.Task.AsCoroutine();
            Coroutine unborn = source.Task.AsCoroutine();
            unborn.Kill();
            await Bodies.SleepFor(1);
            Assert.True(await child.KillAsync());
            _run.At($"{child.State} {unborn.State} {source.Task.Status}");
            source.SetResult(1);
            Assert.Equal(1, await source.Task);
        });
        _run.Log.Expect("1 Killed Killed WaitingForActivation");
    }

    [Fact]
    public void A_task_of_another_thread_comes_home() => _run.Run(async () =>
    {
        TaskCompletionSource<int> source = new();
        Coroutine<int> child = source.Task.AsCoroutine();
        await Coroutine.Yield();
        new Thread(() => source.SetResult(7)).Start();
        Assert.Equal(7, await child);
    });

    [Fact]
    public void Bad_input_is_refused()
    {
        Assert.Throws<InvalidOperationException>(() => Task.CompletedTask.AsCoroutine());
        _run.Run(async () =>
        {
            Assert.Throws<ArgumentNullException>(() => ((Task)null!).AsCoroutine());
            Assert.Throws<ArgumentNullException>(() => ((Task<int>)null!).AsCoroutine());
            Coroutine main = Coroutine.Current;
            Exception? error = null;
            Thread thread = new(() => error = Record.Exception(() => { main.AsTask(); }));
            thread.Start();
            thread.Join();
            Assert.Contains("No scheduler runs on thread", Assert.IsType<InvalidOperationException>(error).Message, StringComparison.Ordinal);
            await Coroutine.Yield();
        });
    }

    [Fact]
    public void After_the_run_an_ended_one_still_gives_its_task()
    {
        Coroutine<int> child = null!;
        _run.Run(async () =>
        {
            child = Giver(1);
            await child;
        });
        Assert.True(child.AsTask().IsCompletedSuccessfully);
    }

    private static Coroutine<int> Giver(int seconds) => Coroutine.Spawn(async () =>
    {
        await Bodies.SleepFor(seconds);
        return seconds;
    });
}
