using System.Device.Gpio;
using Sprig.Devices.Drivers;
using Sprig.Scheduling;
using Xunit;
using static Sprig.Devices.Tests.Drivers.DriverRun;

namespace Sprig.Devices.Tests.Drivers;

/// <summary>A wait for an edge is a wait of the loop: it goes on in the coroutine's step, obeys deadlines and kills, and takes nothing
/// when it throws.</summary>
public class WaitForEventAsyncTests
{
    private const PinEventTypes Both = PinEventTypes.Rising | PinEventTypes.Falling;

    [Fact]
    public void It_goes_on_in_its_coroutine_on_the_loop_also_through_the_controllers_timeout() => Run(async run =>
    {
        Coroutine waiter = Coroutine.Spawn(async () =>
        {
            int thread = Environment.CurrentManagedThreadId;
            Coroutine me = Coroutine.Current;
            await run.Controller.WaitForEventAsync(6, Both, CancellationToken.None);
            Assert.Equal((thread, me), (Environment.CurrentManagedThreadId, Coroutine.Current));
            await run.Controller.WaitForEventAsync(6, Both, TimeSpan.FromMinutes(10));
            Assert.Equal((thread, me), (Environment.CurrentManagedThreadId, Coroutine.Current));
            await run.Controller.WaitForEventAsync(6, Both, CancellationToken.None).ConfigureAwait(false);
            Assert.Equal((thread, me), (Environment.CurrentManagedThreadId, Coroutine.Current));
            await run.Controller.WaitForEventAsync(6, Both, CancellationToken.None).AsTask();
            Assert.Equal((thread, me), (Environment.CurrentManagedThreadId, Coroutine.Current));
        });
        for (int i = 0; i < 4; i++)
        {
            await Coroutine.Sleep(Seconds(1));
            run.Edges(1);
        }

        await waiter;
    });

    [Fact]
    public void Library_code_that_wants_no_context_stays_on_the_loop_all_the_way_up() => Run(async run =>
    {
        _ = Coroutine.SpawnAfter(Seconds(1), () =>
        {
            run.Edges(1);
            return Task.CompletedTask;
        });
        Assert.Equal(Environment.CurrentManagedThreadId, await ThreadAfterWaitAsync());

        async Task<int> ThreadAfterWaitAsync()
        {
            await run.Controller.WaitForEventAsync(6, Both, TimeSpan.FromMinutes(10)).ConfigureAwait(false);
            return Environment.CurrentManagedThreadId;
        }
    });

    [Fact]
    public void It_says_what_it_waits_for() => Run(async run =>
    {
        Coroutine waiter = Coroutine.Spawn(async () => await run.Controller.WaitForEventAsync(6, Both, CancellationToken.None));
        await Coroutine.Sleep(Seconds(1));
        Assert.Equal("an edge of pin 6 (simulated)", waiter.BlockedOn);
        await waiter.KillAsync();
    });

    [Fact]
    public void A_deadline_ends_it_and_the_edge_is_for_the_next() => Run(async run =>
    {
        await Assert.ThrowsAsync<DeadlineExceededException>(async () =>
        {
            using (Deadline.After(Seconds(1)))
                await run.Controller.WaitForEventAsync(6, Both, CancellationToken.None);
        });
        run.Edges(1);
        Assert.Equal(PinEventTypes.Rising, (await run.Controller.WaitForEventAsync(6, Both, CancellationToken.None)).EventTypes);
    });

    [Fact]
    public void Killed_before_the_edge_it_has_taken_none() => Run(async run =>
    {
        Coroutine waiter = Coroutine.Spawn(async () => await run.Controller.WaitForEventAsync(6, Both, CancellationToken.None));
        await Coroutine.Sleep(Seconds(1));
        await waiter.KillAsync();
        Assert.Equal(CoroutineState.Killed, waiter.State);
        run.Edges(1);
        Assert.Equal(PinEventTypes.Rising, (await run.Controller.WaitForEventAsync(6, Both, CancellationToken.None)).EventTypes);
    });

    [Fact]
    public void Killed_after_the_edge_and_before_it_runs_it_gives_the_edge_back_in_its_place() => Run(async run =>
    {
        Coroutine waiter = Coroutine.Spawn(async () => await run.Controller.WaitForEventAsync(6, Both, CancellationToken.None));
        await Coroutine.Sleep(Seconds(1));
        run.Edges(3);
        // The pump has given it the first by then, and it has not run.
        run.Driver.OnEdge(6, edge =>
        {
            if (edge.Sequence == 1)
                waiter.Kill();
            return Task.CompletedTask;
        });
        await waiter.JoinAsync();
        Assert.Equal(CoroutineState.Killed, waiter.State);
        PinEventTypes[] got = new PinEventTypes[3];
        for (int i = 0; i < 3; i++)
            got[i] = (await run.Controller.WaitForEventAsync(6, Both, CancellationToken.None)).EventTypes;
        Assert.Equal([PinEventTypes.Rising, PinEventTypes.Falling, PinEventTypes.Rising], got);
    });

    [Fact]
    public void All_that_wait_get_the_same_edge() => Run(async run =>
    {
        List<Coroutine<WaitForEventResult>> waiters = [.. Enumerable.Range(0, 3).Select(_ => Coroutine.Spawn(
            () => run.Controller.WaitForEventAsync(6, PinEventTypes.Falling, CancellationToken.None)))];
        await Coroutine.Sleep(Seconds(1));
        run.Edges(2);
        foreach (Coroutine<WaitForEventResult> waiter in waiters)
            Assert.Equal(PinEventTypes.Falling, (await waiter).EventTypes);
    });

    [Fact]
    public void An_edge_that_two_have_got_does_not_come_again_when_one_of_them_is_killed() => Run(async run =>
    {
        Coroutine killed = Coroutine.Spawn(async () => await run.Controller.WaitForEventAsync(6, Both, CancellationToken.None));
        Coroutine<WaitForEventResult> other = Coroutine.Spawn(() => run.Controller.WaitForEventAsync(6, Both, CancellationToken.None));
        await Coroutine.Sleep(Seconds(1));
        run.Driver.OnEdge(6, edge =>
        {
            if (edge.IsRising)
                killed.Kill();
            return Task.CompletedTask;
        });
        run.Edges(1);
        Assert.Equal(PinEventTypes.Rising, (await other).EventTypes);
        Assert.Equal(CoroutineState.Killed, killed.State);
        run.Edges(1);
        Assert.Equal(PinEventTypes.Falling, (await run.Controller.WaitForEventAsync(6, Both, CancellationToken.None)).EventTypes);
    });

    [Fact]
    public void Waiting_for_edges_that_are_there_lets_the_others_run() => Run(async run =>
    {
        int others = 0;
        await Assert.ThrowsAsync<DeadlineExceededException>(async () =>
        {
            using (Deadline.After(Seconds(1)))
                await run.Controller.WaitForEventAsync(6, Both, CancellationToken.None);
        });
        run.Edges(200);
        await Coroutine.Sleep(Seconds(1));
        Coroutine other = Coroutine.Spawn(async () =>
        {
            while (true)
            {
                others++;
                await Coroutine.Yield();
            }
        });
        for (int i = 0; i < 200; i++)
            Assert.False((await run.Controller.WaitForEventAsync(6, Both, CancellationToken.None)).TimedOut);
        Assert.InRange(others, 2, 10);
        await other.KillAsync();
    });

    [Fact]
    public void Without_keeping_only_edges_during_a_wait_count() => Run(
        async run =>
        {
            Coroutine press = Coroutine.SpawnAfter(Seconds(1), () =>
            {
                run.Edges(5);
                return Task.CompletedTask;
            });
            await run.Controller.WaitForEventAsync(6, Both, CancellationToken.None);
            await Coroutine.Sleep(Seconds(1));
            await Assert.ThrowsAsync<DeadlineExceededException>(async () =>
            {
                using (Deadline.After(Seconds(1)))
                    await run.Controller.WaitForEventAsync(6, Both, CancellationToken.None);
            });
            await press;
        },
        new SprigGpioDriverOptions { KeepEdgesBetweenWaits = false });

    [Fact]
    public void Of_more_edges_than_are_kept_the_oldest_are_dropped_and_counted() => Run(
        async run =>
        {
            _ = Coroutine.SpawnAfter(Seconds(1), () =>
            {
                run.Edges(1);
                return Task.CompletedTask;
            });
            await run.Controller.WaitForEventAsync(6, Both, CancellationToken.None);
            run.Edges(5);
            await Coroutine.Sleep(Seconds(1));
            Assert.Equal(2, run.Driver.LostEdges);
            for (int i = 0; i < 3; i++)
                Assert.False((await run.Controller.WaitForEventAsync(6, Both, CancellationToken.None)).TimedOut);
            run.Controller.ClosePin(6);
            Assert.Equal(2, run.Driver.LostEdges);
        },
        new SprigGpioDriverOptions { QueueCapacity = 3 });

    [Fact]
    public void That_nobody_will_ever_drive_the_pin_is_a_deadlock_and_told()
        => Assert.Throws<DeadlockException>(() => Run(async run => await run.Controller.WaitForEventAsync(6, Both, CancellationToken.None)));

    [Fact]
    public void The_blocking_form_is_refused_on_the_loop_and_names_the_cure() => Run(run =>
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => run.Controller.WaitForEvent(6, Both, TimeSpan.FromSeconds(1)));
        Assert.Contains("await WaitForEventAsync", error.Message, StringComparison.Ordinal);
        return Task.CompletedTask;
    });

    [Fact]
    public void An_output_has_no_edges_and_becoming_one_ends_the_wait() => Run(async run =>
    {
        run.Controller.OpenPin(7, PinMode.Output);
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await run.Controller.WaitForEventAsync(7, Both, CancellationToken.None));
        Assert.Contains("Set its mode to Input first", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => run.Controller.RegisterCallbackForPinValueChangedEvent(7, Both, (_, _) => { }));
        _ = Coroutine.SpawnAfter(Seconds(1), () =>
        {
            run.Controller.SetPinMode(6, PinMode.Output);
            return Task.CompletedTask;
        });
        error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await run.Controller.WaitForEventAsync(6, Both, CancellationToken.None));
        Assert.Contains("became an output", error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void No_kind_of_edge_is_none_that_can_come() => Run(async run =>
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await run.Controller.WaitForEventAsync(6, PinEventTypes.None, CancellationToken.None));
        Assert.Throws<ArgumentOutOfRangeException>(() => run.Driver.OnEdge(6, _ => Task.CompletedTask, 0));
    });

    [Fact]
    public void Closing_the_pin_wakes_every_waiter() => Run(async run =>
    {
        List<Coroutine> waiters = [.. Enumerable.Range(0, 3).Select(_ => Coroutine.Spawn(
            async () => await run.Controller.WaitForEventAsync(6, Both, CancellationToken.None)))];
        await Coroutine.Sleep(Seconds(1));
        run.Controller.ClosePin(6);
        foreach (Coroutine waiter in waiters)
            await Assert.ThrowsAsync<ObjectDisposedException>(async () => await waiter);
        Assert.Equal(0, run.Board.HeldLines);
    });

    [Fact]
    public void The_chips_removal_wakes_every_waiter_and_is_reported_for_the_handlers()
    {
        DriverRun removed = Run(async run =>
        {
            run.Controller.RegisterCallbackForPinValueChangedEvent(6, Both, (_, _) => { });
            List<Coroutine> waiters = [.. Enumerable.Range(0, 3).Select(_ => Coroutine.Spawn(
                async () => await run.Controller.WaitForEventAsync(6, Both, CancellationToken.None)))];
            await Coroutine.Sleep(Seconds(1));
            run.Board.Remove();
            foreach (Coroutine waiter in waiters)
                await Assert.ThrowsAnyAsync<IOException>(async () => await waiter);
            await Assert.ThrowsAnyAsync<IOException>(async () => await run.Controller.WaitForEventAsync(6, Both, CancellationToken.None));
        });
        Assert.Contains("The handlers of pin 6 (simulated) get no more edges", removed.Reports[0], StringComparison.Ordinal);
        Assert.Equal(0, removed.Board.HeldLines);
    }

    [Fact]
    public void A_wait_is_awaited_once() => Run(async run =>
    {
        ValueTask<WaitForEventResult> wait = run.Controller.WaitForEventAsync(6, Both, CancellationToken.None);
        Assert.Throws<InvalidOperationException>(() => wait.GetAwaiter().GetResult());
        _ = Coroutine.SpawnAfter(Seconds(1), () =>
        {
            run.Edges(1);
            return Task.CompletedTask;
        });
        await wait;
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await wait);
    });
}
