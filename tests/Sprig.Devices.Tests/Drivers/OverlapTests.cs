using System.Device.Gpio;
using Sprig.Devices.Drivers;
using Sprig.Scheduling;
using Xunit;
using static Sprig.Devices.Tests.Drivers.DriverRun;

namespace Sprig.Devices.Tests.Drivers;

/// <summary>What becomes of edges while a handler is busy, for both ways of adding one.</summary>
public class OverlapTests
{
    private const PinEventTypes Both = PinEventTypes.Rising | PinEventTypes.Falling;

    public static TheoryData<bool> AsyncVoidOrNot => [true, false];

    [Theory]
    [MemberData(nameof(AsyncVoidOrNot))]
    public void Queue_calls_for_each_edge_one_after_the_other(bool isVoid)
    {
        DriverRun queued = Run(async run =>
        {
            Add(run, isVoid, CallbackOverlap.Queue);
            run.Edges(3);
            await Coroutine.Sleep(Seconds(10));
            Assert.Equal(0, run.Driver.LostEdges);
        });
        Assert.Equal(["0 begins", "2 ends", "2 begins", "4 ends", "4 begins", "6 ends"], queued.Log);
        Assert.Empty(queued.Reports);
    }

    [Theory]
    [MemberData(nameof(AsyncVoidOrNot))]
    public void Drop_calls_for_none_while_it_is_busy_and_counts_them(bool isVoid)
    {
        DriverRun dropped = Run(async run =>
        {
            Add(run, isVoid, CallbackOverlap.Drop);
            run.Edges(3);
            await Coroutine.Sleep(Seconds(3));
            Assert.Equal(2, run.Driver.LostEdges);
            run.Edges(1);
            await Coroutine.Sleep(Seconds(3));
            Assert.Equal(2, run.Driver.LostEdges);
        }, By(CallbackOverlap.Drop));
        Assert.Equal(["0 begins", "2 ends", "3 begins", "5 ends"], dropped.Log);
        Assert.Empty(dropped.Reports);
    }

    [Theory]
    [MemberData(nameof(AsyncVoidOrNot))]
    public void Restart_kills_the_call_and_after_its_clean_up_begins_again_for_the_newest_edge(bool isVoid)
    {
        DriverRun restarted = Run(async run =>
        {
            Add(run, isVoid, CallbackOverlap.Restart, cleanUp: 0.5);
            run.Edges(1);
            await Coroutine.Sleep(Seconds(1));
            run.Edges(3);
            await Coroutine.Sleep(Seconds(3));
            Assert.Equal(2, run.Driver.LostEdges);
            run.Edges(1);
            await Coroutine.Sleep(Seconds(1));
            run.Edges(1);
            await Coroutine.Sleep(Seconds(5));
        }, By(CallbackOverlap.Restart));
        Assert.Equal(
            [
                "0 begins", "1 cleans up", "1.5 begins", "3.5 ends", "3.5 cleans up",
                "4 begins", "5 cleans up", "5.5 begins", "7.5 ends", "7.5 cleans up",
            ],
            restarted.Log);
        Assert.Empty(restarted.Reports);
    }

    [Fact]
    public void A_queue_that_is_full_drops_the_oldest_and_counts_it()
    {
        DriverRun full = Run(
            async run =>
            {
                Add(run, true, CallbackOverlap.Queue);
                run.Edges(5);
                await Coroutine.Sleep(Seconds(10));
                Assert.Equal(2, run.Driver.LostEdges);
            },
            new SprigGpioDriverOptions { QueueCapacity = 2 });
        Assert.Equal(6, full.Log.Count);
    }

    [Fact]
    public void A_busy_handler_holds_up_no_other_and_their_order_stays()
    {
        DriverRun busy = Run(async run =>
        {
            run.Controller.RegisterCallbackForPinValueChangedEvent(6, PinEventTypes.Rising, (_, _) => run.At("first"));
            run.Controller.RegisterCallbackForPinValueChangedEvent(6, PinEventTypes.Rising, async (_, _) =>
            {
                run.At("second");
                await Coroutine.Sleep(Seconds(5));
                run.At("second ends");
            });
            run.Controller.RegisterCallbackForPinValueChangedEvent(6, PinEventTypes.Rising, (_, _) => run.At("third"));
            run.Edges(3);
            await Coroutine.Sleep(Seconds(20));
        });
        Assert.Equal(["0 first", "0 second", "0 third", "0 first", "0 third", "5 second ends", "5 second", "10 second ends"], busy.Log);
    }

    [Fact]
    public void What_has_waited_in_line_lets_the_others_run() => Run(async run =>
    {
        int calls = 0, others = 0;
        run.Driver.OnEdge(6, edge =>
        {
            calls++;
            return edge.Sequence == 1 ? Task.Delay(1) : Task.CompletedTask;
        });
        run.Edges(200);
        Coroutine other = Coroutine.Spawn(async () =>
        {
            while (true)
            {
                others = calls is > 1 and < 200 ? others + 1 : others;
                await Coroutine.Yield();
            }
        });
        while (calls < 200)
            await Coroutine.Yield();
        await other.KillAsync();
        Assert.InRange(others, 2, 20);
    });

    [Fact]
    public void Removing_a_busy_handler_lets_the_call_end_and_drops_what_waits()
    {
        DriverRun removed = Run(async run =>
        {
            IDisposable handler = run.Driver.OnEdge(6, async _ =>
            {
                run.At("begins");
                await Coroutine.Sleep(Seconds(2));
                run.At("ends");
            });
            run.Edges(3);
            await Coroutine.Sleep(Seconds(1));
            handler.Dispose();
            handler.Dispose();
            await Coroutine.Sleep(Seconds(5));
        });
        Assert.Equal(["0 begins", "2 ends"], removed.Log);
    }

    [Fact]
    public void An_async_void_handler_that_awaits_foreign_tasks_is_awaited_too_and_stays_on_the_loop()
    {
        DriverRun foreign = Run(async run =>
        {
            int thread = Environment.CurrentManagedThreadId;
            TaskCompletionSource[] gates = [new(TaskCreationOptions.RunContinuationsAsynchronously), new(TaskCreationOptions.RunContinuationsAsynchronously)];
            int calls = 0;
            run.Controller.RegisterCallbackForPinValueChangedEvent(6, Both, async (_, _) =>
            {
                int call = calls++;
                run.At($"{call} begins");
                await gates[call].Task;
                Assert.Equal(thread, Environment.CurrentManagedThreadId);
                await Coroutine.Sleep(Seconds(1));
                run.At($"{call} ends");
            });
            run.Edges(2);
            await Coroutine.Sleep(Seconds(1));
            gates[1].SetResult();
            gates[0].SetResult();
            await Coroutine.Sleep(Seconds(5));
        });
        Assert.Equal(["0 0 begins", "2 0 ends", "2 1 begins", "3 1 ends"], foreign.Log);
        Assert.Empty(foreign.Reports);
    }

    [Fact]
    public void One_that_leaves_the_loop_by_ConfigureAwait_is_awaited_all_the_same() => Run(async run =>
    {
        int under = 0, most = 0, done = 0;
        run.Controller.RegisterCallbackForPinValueChangedEvent(6, Both, async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref under));
            await Task.Yield();
            TaskCompletionSource elsewhere = new(TaskCreationOptions.RunContinuationsAsynchronously);
            elsewhere.SetResult();
            await Task.Factory.StartNew(() => { }, CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
            Interlocked.Decrement(ref under);
            Interlocked.Increment(ref done);
        });
        run.Edges(20);
        while (Volatile.Read(ref done) < 20)
            await Coroutine.Sleep(Seconds(0.01));
        Assert.Equal(1, most);
    });

    [Fact]
    public void A_call_that_is_under_way_when_the_run_ends_is_killed_and_cleans_up()
    {
        DriverRun ended = Run(async run =>
        {
            Add(run, true, CallbackOverlap.Queue, cleanUp: 1);
            run.Edges(3);
            await Coroutine.Sleep(Seconds(1));
        });
        Assert.Equal(["0 begins", "1 cleans up"], ended.Log);
        Assert.Empty(ended.Reports);
    }

    private static SprigGpioDriverOptions By(CallbackOverlap overlap) => new() { Overlap = overlap };

    private static void Add(DriverRun run, bool isVoid, CallbackOverlap overlap, double? cleanUp = null)
    {
        if (isVoid)
            run.Controller.RegisterCallbackForPinValueChangedEvent(6, Both, async (_, _) => await HandleAsync());
        else
            run.Driver.OnEdge(6, _ => HandleAsync(), overlap: overlap);

        async Task HandleAsync()
        {
            run.At("begins");
            try
            {
                await Coroutine.Sleep(Seconds(2));
                run.At("ends");
            }
            finally
            {
                if (cleanUp is { } time)
                {
                    run.At("cleans up");
                    await Coroutine.Sleep(Seconds(time));
                }
            }
        }
    }
}
