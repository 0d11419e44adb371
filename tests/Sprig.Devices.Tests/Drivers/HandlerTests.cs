using System.Device.Gpio;
using Sprig.Devices.Drivers;
using Sprig.IO;
using Sprig.Scheduling;
using Xunit;
using static Sprig.Devices.Tests.Drivers.DriverRun;

namespace Sprig.Devices.Tests.Drivers;

/// <summary>Handlers on the loop: order, failures, changes from within, ends.</summary>
public class HandlerTests
{
    private const PinEventTypes Both = PinEventTypes.Rising | PinEventTypes.Falling;

    [Fact]
    public void What_one_throws_is_reported_and_stops_no_other()
    {
        DriverRun failed = Run(async run =>
        {
            run.Controller.RegisterCallbackForPinValueChangedEvent(6, Both, (_, _) => throw new InvalidOperationException("first"));
            run.Controller.RegisterCallbackForPinValueChangedEvent(6, Both, async (_, _) =>
            {
                await Coroutine.Sleep(Seconds(1));
                throw new InvalidOperationException("second");
            });
            run.Driver.OnEdge(6, async _ =>
            {
                await Task.Yield();
                throw new InvalidOperationException("third");
            });
            run.Driver.OnEdge(6, _ => Task.FromException(new InvalidOperationException("fourth")));
            run.Controller.RegisterCallbackForPinValueChangedEvent(6, Both, (_, e) => run.At($"{e.ChangeType}"));
            run.Edges(1);
            await Coroutine.Sleep(Seconds(5));
            run.Edges(1);
            await Coroutine.Sleep(Seconds(5));
        });
        Assert.Equal(["0 Rising", "5 Falling"], failed.Log);
        Assert.Equal(8, failed.Reports.Count);
        Assert.Equal(["first", "fourth", "second", "third"], failed.Reports.Select(report => report.Split(": ")[1]).Distinct().Order());
    }

    [Fact]
    public void The_edge_itself_comes_with_its_stamp_and_number() => Run(async run =>
    {
        List<GpioEdge> edges = [];
        using IDisposable handler = run.Driver.OnEdge(6, edge =>
        {
            edges.Add(edge);
            return Task.CompletedTask;
        }, GpioEdges.Falling);
        await Coroutine.Sleep(Seconds(1));
        MonotonicTime now = MonotonicTime.Now;
        run.Edges(4);
        await Coroutine.Sleep(Seconds(1));
        Assert.Equal([new GpioEdge(6, false, now, 2), new GpioEdge(6, false, now, 4)], edges);
        handler.Dispose();
        run.Edges(2);
        await Coroutine.Sleep(Seconds(1));
        Assert.Equal(2, edges.Count);
    });

    [Fact]
    public void One_that_removes_itself_is_called_once_and_one_that_it_adds_from_the_next_edge_on() => Run(async run =>
    {
        run.Controller.RegisterCallbackForPinValueChangedEvent(6, Both, Once);
        run.Controller.RegisterCallbackForPinValueChangedEvent(6, Both, (_, e) => run.At($"last {e.ChangeType}"));
        run.Edges(2);
        await Coroutine.Sleep(Seconds(1));
        Assert.Equal(["0 once Rising", "0 last Rising", "0 last Falling", "0 added Falling"], run.Log);

        void Once(object sender, PinValueChangedEventArgs e)
        {
            run.At($"once {e.ChangeType}");
            run.Controller.UnregisterCallbackForPinValueChangedEvent(6, Once);
            run.Controller.RegisterCallbackForPinValueChangedEvent(6, Both, (_, later) => run.At($"added {later.ChangeType}"));
        }
    });

    [Fact]
    public void One_may_close_the_pin_and_open_it_again()
    {
        DriverRun closed = Run(async run =>
        {
            run.Controller.RegisterCallbackForPinValueChangedEvent(6, Both, (_, _) =>
            {
                run.At("first");
                run.Controller.ClosePin(6);
                run.Controller.OpenPin(6, PinMode.Input);
                run.Controller.RegisterCallbackForPinValueChangedEvent(6, Both, (_, e) => run.At($"again {e.ChangeType}"));
            });
            run.Controller.RegisterCallbackForPinValueChangedEvent(6, Both, (_, _) => run.At("never"));
            run.Edges(1);
            await Coroutine.Sleep(Seconds(1));
            run.Edges(1);
            await Coroutine.Sleep(Seconds(1));
            run.Controller.ClosePin(6);
        });
        Assert.Equal(["0 first", "1 again Falling"], closed.Log);
        Assert.Empty(closed.Reports);
        Assert.Equal(0, closed.Board.HeldLines);
    }

    [Fact]
    public void One_may_dispose_the_driver()
    {
        DriverRun disposed = Run(async run =>
        {
            run.Controller.RegisterCallbackForPinValueChangedEvent(6, Both, (_, _) => run.Controller.Dispose());
            run.Edges(3);
            await Coroutine.Sleep(Seconds(1));
        });
        Assert.Empty(disposed.Reports);
        Assert.Equal(0, disposed.Board.HeldLines);
    }

    [Fact]
    public void Handlers_outlive_a_time_as_output() => Run(async run =>
    {
        run.Controller.RegisterCallbackForPinValueChangedEvent(6, Both, (_, e) => run.At($"{e.ChangeType}"));
        run.Edges(1);
        await Coroutine.Sleep(Seconds(1));
        run.Controller.SetPinMode(6, PinMode.Output);
        run.Controller.Write(6, PinValue.Low);
        run.Board.Pin(6).Float();
        await Coroutine.Sleep(Seconds(1));
        run.Controller.SetPinMode(6, PinMode.InputPullDown);
        run.Board.Drive(6, true);
        await Coroutine.Sleep(Seconds(1));
        Assert.Equal(["0 Rising", "2 Rising"], run.Log);
    });

    [Fact]
    public void Ten_thousand_edges_in_bursts_all_come_to_a_queueing_handler_or_are_counted() => Run(
        async run =>
        {
            List<uint> seen = [];
            run.Controller.RegisterCallbackForPinValueChangedEvent(6, Both, async (_, _) =>
            {
                await Coroutine.Yield();
                run.Log.Add("");
            });
            run.Driver.OnEdge(6, edge =>
            {
                seen.Add(edge.Sequence);
                return Task.CompletedTask;
            });
            for (int i = 0; i < 10; i++)
            {
                run.Edges(1000);
                await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
            }

            await Coroutine.Sleep(Seconds(1));
            Assert.Equal((10_000, 10_000, 0), (seen.Count, run.Log.Count, run.Driver.LostEdges));
            Assert.Equal(Enumerable.Range(1, 10_000).Select(i => (uint)i), seen);
            run.Edges(10_000);
            await Coroutine.Sleep(Seconds(1));
            // The kernel keeps the newest 1024; each loss is counted.
            Assert.Equal((20_000, 20_000), (seen.Count + run.Driver.LostEdges, run.Log.Count + run.Driver.LostEdges));
        },
        new SprigGpioDriverOptions { EdgeBuffer = 1024 });

    [Fact]
    public void No_thread_and_one_coroutine_for_each_watched_pin()
    {
        DriverRun watched = Run(async run =>
        {
            for (int pin = 0; pin < 28; pin++)
            {
                run.Controller.OpenPin(pin, PinMode.Input);
                run.Controller.RegisterCallbackForPinValueChangedEvent(pin, Both, (_, e) => run.At($"{e.PinNumber}"));
            }

            await Coroutine.Sleep(Seconds(1));
            Assert.Equal(29, CoroutineScheduler.Current.ActiveCount);
            run.Board.Drive(27, true);
            await Coroutine.Sleep(Seconds(1));
            Assert.Equal("the run of the program", run.Driver.QueryComponentInformation().Properties["EdgesServedBy"]);
        });
        Assert.Equal(["1 27"], watched.Log);
        Assert.Equal(0, watched.Board.HeldLines);
    }

    [Fact]
    public void With_the_run_its_handlers_end_and_the_pins_go_on_without_it()
    {
        DriverRun ended = Run(
            async run =>
            {
                run.Controller.OpenPin(7, PinMode.Output).Write(PinValue.High);
                run.Controller.RegisterCallbackForPinValueChangedEvent(6, Both, (_, _) => run.At("called"));
                run.Edges(1);
                await Coroutine.Sleep(Seconds(1));
            },
            disposes: false);
        Assert.Equal(["0 called"], ended.Log);
        Assert.False(ended.Board[7]);
        Assert.Equal(0, ended.Board.HeldLines);

        ended.Controller.Write(7, PinValue.High);
        Assert.True(ended.Board[7]);
        Assert.Equal((PinMode.Output, PinMode.Input, PinValue.High), (ended.Controller.GetPinMode(7), ended.Controller.GetPinMode(6), ended.Controller.Read(6)));
        ended.Controller.Dispose();
        Assert.False(ended.Board[7]);
        Assert.Equal((0, 1), (ended.Board.HeldLines, ended.Log.Count));
    }
}
