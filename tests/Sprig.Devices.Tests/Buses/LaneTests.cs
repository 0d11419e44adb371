using Sprig.Devices.Buses;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Devices.Tests.Buses;

/// <summary>Lane: who runs, where and in what order. Threads tell each other by events; nothing waits for a time.</summary>
public sealed class LaneTests : IDisposable
{
    private readonly ManualResetEventSlim _gate = new();
    private readonly ManualResetEventSlim _begun = new();

    public void Dispose()
    {
        _gate.Set();
        _gate.Dispose();
        _begun.Dispose();
    }

    [Fact]
    public void The_loop_runs_the_others_while_the_lane_is_blocked() => BusRun.Run(async () =>
    {
        using Lane lane = new("bus");
        _ = Coroutine.Spawn(() =>
        {
            // Without this step the work would never end.
            _gate.Set();
            return Task.CompletedTask;
        });
        int loop = Environment.CurrentManagedThreadId;
        int there = await lane.RunAsync(() =>
        {
            _gate.Wait();
            Assert.True(lane.IsCurrent);
            return Environment.CurrentManagedThreadId;
        });
        Assert.NotEqual(loop, there);
        Assert.Equal(loop, Environment.CurrentManagedThreadId);
        Assert.False(lane.IsCurrent);
    });

    [Fact]
    public void Work_of_coroutines_and_of_a_foreign_thread_runs_in_the_order_in_which_it_came()
    {
        List<string> order = [];
        BusRun.Run(async () =>
        {
            using Lane lane = new("bus");
            Coroutine first = Coroutine.Spawn(() => lane.RunAsync(Block));
            await Coroutine.Yield();
            await Coroutine.Yield();
            _begun.Wait();
            Coroutine second = Coroutine.Spawn(() => lane.RunAsync(() => order.Add("coroutine 2")));
            await Coroutine.Yield();
            await Coroutine.Yield();
            Assert.Equal(1, lane.PendingCount);
            Thread foreign = new(() => lane.Run(() => order.Add("thread")));
            foreign.Start();
            Assert.True(SpinWait.SpinUntil(() => lane.PendingCount == 2, BusRun.Patience));
            Coroutine third = Coroutine.Spawn(() => lane.RunAsync(() => order.Add("coroutine 3")));
            await Coroutine.Yield();
            await Coroutine.Yield();
            Assert.Equal(3, lane.PendingCount);
            _gate.Set();
            // The loop itself takes its turn, and stands still for that.
            lane.Run(() => order.Add("loop"));
            await Coroutine.JoinAll(first, second, third);
            foreign.Join();
        });
        Assert.Equal(["coroutine 2", "thread", "coroutine 3", "loop"], order);
    }

    [Fact]
    public void In_the_lane_a_call_runs_at_once() => BusRun.Run(async () =>
    {
        using Lane lane = new("bus");
        List<string> order = [];
        Coroutine other = null!;
        await lane.RunAsync(() =>
        {
            order.Add("outer");
            Assert.Equal(7, lane.Run(() => 7));
            lane.Run(() => order.Add("inner"));
            order.Add("outer again");
        });
        other = Coroutine.Spawn(() => lane.RunAsync(() => order.Add("other")));
        await other;
        Assert.Equal(["outer", "inner", "outer again", "other"], order);
    });

    [Fact]
    public void What_the_code_throws_comes_to_whoever_called_it() => BusRun.Run(async () =>
    {
        using Lane lane = new("bus");
        FormatException thrown = new("broken");
        Assert.Same(thrown, await Assert.ThrowsAsync<FormatException>(() => lane.RunAsync(() => throw thrown)));
        Assert.Same(thrown, Assert.Throws<FormatException>(() => lane.Run(() => throw thrown)));
        Assert.Equal(1, lane.Run(() => 1));
    });

    [Fact]
    public void Without_a_scheduler_code_runs_in_the_lane_all_the_same()
    {
        using Lane lane = new("bus");
        Assert.NotEqual(Environment.CurrentManagedThreadId, lane.Run(() => Environment.CurrentManagedThreadId));
        Assert.Throws<InvalidOperationException>(() => { _ = lane.RunAsync(() => 1); });
    }

    [Fact]
    public void Asynchronous_code_is_refused() => BusRun.Run(async () =>
    {
        using Lane lane = new("bus");
        Assert.Throws<ArgumentException>(() => { _ = lane.Run(() => Task.CompletedTask); });
        await Assert.ThrowsAsync<ArgumentException>(() => lane.RunAsync(() => Task.CompletedTask));
        Assert.Throws<ArgumentException>(() => new Lane(""));
        Assert.Throws<ArgumentNullException>(() => lane.Run((Action)null!));
    });

    [Fact]
    public void After_its_end_it_takes_nothing_and_no_thread_is_left()
    {
        Lane lane = new("bus");
        Assert.Equal(0, lane.ThreadCount);
        Thread thread = lane.Run(() => Thread.CurrentThread);
        Assert.Equal(1, lane.ThreadCount);
        lane.Dispose();
        lane.Dispose();
        thread.Join();
        Assert.Equal(0, lane.ThreadCount);
        Assert.Contains("bus", Assert.Throws<ObjectDisposedException>(() => lane.Run(() => 1)).Message, StringComparison.Ordinal);
        BusRun.Run(() => Assert.ThrowsAsync<ObjectDisposedException>(() => lane.RunAsync(() => 1)));
    }

    [Fact]
    public void What_waits_for_its_turn_when_the_lane_ends_gets_it() => BusRun.Run(async () =>
    {
        Lane lane = new("bus");
        Coroutine first = Coroutine.Spawn(() => lane.RunAsync(Block));
        Coroutine<int> second = Coroutine.Spawn(() => lane.RunAsync(() => 2));
        await Coroutine.Yield();
        await Coroutine.Yield();
        lane.Dispose();
        _gate.Set();
        Assert.Equal(2, await second);
        await first;
    });

    [Fact]
    public void Those_who_ask_for_one_name_share_a_thread_until_the_last_has_gone()
    {
        Lane one = Lane.Share("/dev/lane-tests");
        Lane two = Lane.Share("/dev/lane-tests");
        using Lane other = Lane.Share("/dev/lane-tests-other");
        Thread thread = one.Run(() => Thread.CurrentThread);
        Assert.Same(thread, two.Run(() => Thread.CurrentThread));
        Assert.NotSame(thread, other.Run(() => Thread.CurrentThread));
        Assert.True(one.Run(() => two.IsCurrent && two.Run(() => true)));
        one.Dispose();
        one.Dispose();
        Assert.Same(thread, two.Run(() => Thread.CurrentThread));
        two.Dispose();
        thread.Join();
        Assert.Equal(0, two.ThreadCount);
        using Lane again = Lane.Share("/dev/lane-tests");
        Assert.NotSame(thread, again.Run(() => Thread.CurrentThread));
    }

    [Fact]
    public void Disposed_of_while_who_asks_waits_for_his_turn_on_the_loop_it_says_so() => BusRun.Run(async () =>
    {
        Lane lane = new("bus");
        Coroutine user = Coroutine.Spawn(async () =>
        {
            for (int i = 0; i < 64; i++)
                await Coroutine.CheckpointAsync();
            // Its step has spent its budget: it gives way before its work is in the line.
            await lane.RunAsync(() => 1);
        });
        await Coroutine.Yield();
        lane.Dispose();
        ObjectDisposedException error = await Assert.ThrowsAsync<ObjectDisposedException>(async () => await user);
        Assert.Equal("the lane of bus", error.ObjectName);
    });

    [Fact]
    public void Disposed_of_by_one_thread_while_another_calls_it_either_runs_the_work_or_says_so()
    {
        for (int i = 0; i < 1000; i++)
        {
            Lane lane = new("bus");
            using Barrier start = new(2);
            Exception? error = null;
            Thread caller = new(() => error = Record.Exception(() =>
            {
                start.SignalAndWait();
                for (int count = 0; count < 10; count++)
                    lane.Run(() => count);
            }));
            caller.Start();
            start.SignalAndWait();
            lane.Dispose();
            caller.Join();
            Assert.True(error is null or ObjectDisposedException { ObjectName: "the lane of bus" }, error?.ToString());
        }
    }

    [Fact]
    public void What_the_code_throws_when_the_lane_has_ended_meanwhile_is_its_own() => BusRun.Run(async () =>
    {
        Lane lane = new("bus");
        Coroutine first = Coroutine.Spawn(() => lane.RunAsync(Block));
        Coroutine second = Coroutine.Spawn(() => lane.RunAsync(() => throw new InvalidOperationException("broken")));
        await Coroutine.Yield();
        await Coroutine.Yield();
        lane.Dispose();
        _gate.Set();
        Assert.Equal("broken", (await Assert.ThrowsAsync<InvalidOperationException>(async () => await second)).Message);
        await first;
    });

    private void Block()
    {
        _begun.Set();
        _gate.Wait();
    }
}
