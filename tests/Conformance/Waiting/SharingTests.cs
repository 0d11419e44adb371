using Conformance.Support;
using Sprig.Scheduling;
using Sprig.Supervision;
using Sprig.Synchronization;
using Xunit;

namespace Conformance.Waiting;

/// <summary>Primitives belong to one run at a time, and only coroutines wait.</summary>
public class SharingTests
{
    private readonly Scenario _scene = new();

    public static TheoryData<string> All => [.. WaitRigs.All.Select(rig => rig.Name)];

    public static TheoryData<string> Named => [.. WaitRigs.All.Where(rig => rig.Name != "Coroutine.Join").Select(rig => rig.Name)];

    public static TheoryData<string> Timed => [.. WaitRigs.All.Where(rig => rig.Timed is not null).Select(rig => rig.Name)];

    [Theory]
    [MemberData(nameof(Named))]
    public async Task A_wait_from_outside_of_a_scheduler_is_an_error_at_once_that_names_the_object_and_the_cure(string name)
    {
        WaitRig rig = WaitRigs.Find(name);
        var error = await Assert.ThrowsAnyAsync<InvalidOperationException>(() => rig.Wait(default));
        Assert.Contains("thing", error.Message, StringComparison.Ordinal);
        Assert.Contains("CoroutineScheduler.Run", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, rig.Waiters());
    }

    [Theory]
    [MemberData(nameof(Named))]
    public void A_wait_in_a_callback_of_the_loop_is_an_error_at_once_that_names_the_object_and_the_cure(string name)
    {
        WaitRig rig = WaitRigs.Find(name);
        Task? wait = null;
        _scene.Run(async () =>
        {
            rig.Prepare();
            CoroutineScheduler.Current.Post(() => wait = rig.Wait(default));
            await Scenario.Sleep(1);
            Assert.Equal(0, rig.Waiters());
            rig.Grant();
        });
        var error = Assert.IsType<InvalidOperationException>(wait?.Exception?.InnerException);
        Assert.Contains("thing", error.Message, StringComparison.Ordinal);
        Assert.Contains("Spawn a coroutine", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Timed))]
    public void A_wait_with_a_timeout_in_a_callback_of_the_loop_is_an_error_too(string name)
    {
        WaitRig rig = WaitRigs.Find(name);
        Task? wait = null;
        _scene.Run(async () =>
        {
            rig.Prepare();
            CoroutineScheduler.Current.Post(() => wait = rig.Timed!(Scenario.Seconds(1)));
            await Scenario.Sleep(2);
            rig.Grant();
        });
        Assert.IsType<InvalidOperationException>(wait?.Exception?.InnerException);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Sharing_between_two_schedulers_is_an_error_at_once_for_those_that_wait(string name)
    {
        WaitRig rig = WaitRigs.Find(name);
        _scene.Run(async () =>
        {
            rig.Prepare();
            Coroutine a = _scene.Go("a", () => rig.Wait(default));
            await Coroutine.Yield();
            Exception? error = OnAnotherScheduler(() => rig.Wait(default));
            Assert.Contains("belongs to", Assert.IsType<InvalidOperationException>(error).Message, StringComparison.Ordinal);
            rig.Grant();
            await a;
        });
        _scene.Log.Expect("a");
    }

    [Theory]
    [MemberData(nameof(Named))]
    public void Sharing_between_two_schedulers_is_an_error_at_once_for_those_that_grant(string name)
    {
        WaitRig rig = WaitRigs.Find(name);
        _scene.Run(async () =>
        {
            rig.Prepare();
            Coroutine a = _scene.Go("a", () => rig.Wait(default));
            await Coroutine.Yield();
            Exception? error = OnAnotherScheduler(() =>
            {
                rig.Grant();
                return Task.CompletedTask;
            });
            Assert.True(error is InvalidOperationException or SynchronizationLockException, $"{error}");
            Assert.True(a.IsAlive);
            rig.Grant();
            await a;
        });
        _scene.Log.Expect("a");
    }

    [Fact]
    public void One_that_only_puts_and_one_that_only_gets_on_two_schedulers_is_an_error_at_once()
    {
        AsyncQueue<int> queue = new(name: "it");
        _scene.Run(async () =>
        {
            await queue.PutAsync(1);
            Exception? error = OnAnotherScheduler(async () => await queue.GetAsync());
            Assert.Contains("AsyncQueue 'it' belongs to", Assert.IsType<InvalidOperationException>(error).Message, StringComparison.Ordinal);
            Assert.IsType<InvalidOperationException>(OnAnotherScheduler(() => Task.FromResult(queue.Peek())));
            Assert.IsType<InvalidOperationException>(OnAnotherScheduler(async () => await queue.JoinAsync()));
            Assert.Equal(1, queue.Count);
        });
    }

    [Fact]
    public void One_that_only_publishes_and_one_that_only_listens_on_two_schedulers_is_an_error_at_once()
    {
        Broadcast<int> source = new("it");
        BroadcastSubscription<int> mine = source.Subscribe();
        _scene.Run(async () =>
        {
            await source.PublishAsync(1);
            Assert.IsType<InvalidOperationException>(OnAnotherScheduler(async () => await mine.GetAsync()));
        });
    }

    [Theory]
    [MemberData(nameof(Named))]
    public void What_was_used_in_a_run_that_has_ended_may_be_used_in_the_next(string name)
    {
        WaitRig rig = WaitRigs.Find(name);
        _scene.Run(() => PlayAsync(rig));
        Assert.Equal(0, rig.Waiters());
        new Scenario().Run(() => PlayAsync(rig));

        async Task PlayAsync(WaitRig one)
        {
            one.Prepare();
            Coroutine a = _scene.Go("a", () => one.Wait(default));
            await Scenario.Sleep(1);
            one.Grant();
            await a;
        }
    }

    [Theory]
    [MemberData(nameof(Named))]
    public void One_that_is_ended_with_its_run_while_it_waits_leaves_nothing_behind(string name)
    {
        WaitRig rig = WaitRigs.Find(name);
        _scene.Run(async () =>
        {
            rig.Prepare();
            _ = Coroutine.Spawn(() => rig.Wait(default), new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
            await Coroutine.Yield();
            rig.Grant();
        });
        Assert.Equal(0, rig.Waiters());
        _scene.Reports.Expect();
    }

    [Fact]
    public void A_pool_or_a_group_is_not_shared_either_though_nobody_is_in_it()
    {
        CoroutinePool pool = new(1, "it");
        CoroutineGroup group = new("it");
        _scene.Run(async () =>
        {
            await await pool.SpawnAsync(() => Task.CompletedTask);
            await group.Spawn(() => Task.CompletedTask);
            Assert.Contains("CoroutinePool 'it' belongs to", Refused(async () => await pool.SpawnAsync(() => Task.CompletedTask)), StringComparison.Ordinal);
            Assert.Contains("CoroutineGroup 'it' belongs to", Refused(() => Task.FromResult(group.Spawn(() => Task.CompletedTask))), StringComparison.Ordinal);
            Assert.Equal(0, pool.Count + group.Count);
            await await pool.SpawnAsync(() => Task.CompletedTask);
        });
        new Scenario().Run(async () =>
        {
            await await pool.SpawnAsync(() => Task.CompletedTask);
            await group.Spawn(() => Task.CompletedTask);
        });

        static string Refused(Func<Task> main) => Assert.IsType<InvalidOperationException>(OnAnotherScheduler(main)).Message;
    }

    private static Exception? OnAnotherScheduler(Func<Task> main)
    {
        Exception? error = null;
        Thread thread = new(() => error = Scenario.ErrorOf(() => new Scenario().Run(main)));
        thread.Start();
        thread.Join();
        return error;
    }
}
