using System.Device.Gpio;
using Sprig.Devices.Drivers;
using Sprig.IO;
using Sprig.Scheduling;
using Sprig.Testing;
using Xunit;

namespace Sprig.Devices.Tests.Drivers;

/// <summary>What goes wrong at the edges of a pin's life: the chip refuses, or is gone, or the run that had the lines ends.</summary>
public class DriverEndsTests
{
    private const PinEventTypes Both = PinEventTypes.Rising | PinEventTypes.Falling;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Where_the_chip_refuses_edges_nobody_is_left_waiting_for_them()
    {
        bool refuses = true;
        DriverRun ended = DriverRun.Run(
            async run =>
            {
                SimulatedBoard board = new() { HasBias = false };
                using SprigGpioDriver driver = new(board, options: new SprigGpioDriverOptions
                {
                    Configure = (_, line) => refuses ? line with { Bias = GpioBias.PullUp } : line,
                });
                using GpioController controller = new(driver);
                controller.OpenPin(5);
                Assert.Throws<IOException>(() => controller.RegisterCallbackForPinValueChangedEvent(5, Both, (_, _) => run.At("called")));
                Assert.Throws<IOException>(() => driver.OnEdge(5, _ => Task.CompletedTask));
                await Assert.ThrowsAsync<IOException>(async () => await controller.WaitForEventAsync(5, Both, CancellationToken.None));
                Thread thread = new(() => Assert.Throws<IOException>(() => controller.WaitForEvent(5, Both, CancellationToken.None)));
                thread.Start();
                thread.Join();
                Assert.Equal("0", driver.QueryComponentInformation().Properties["Waits"]);
                // As an input that is only read it goes on, and the chip is asked for no edges.
                refuses = false;
                controller.SetPinMode(5, PinMode.Input);
                Assert.Equal(GpioEdges.None, board.GetLineInfo(5).Edges);
                Coroutine<WaitForEventResult> waiter = Coroutine.Spawn(async () => await controller.WaitForEventAsync(5, Both, CancellationToken.None));
                await Coroutine.Sleep(DriverRun.Seconds(1));
                board.Drive(5, true);
                Assert.Equal(PinEventTypes.Rising, (await waiter).EventTypes);
            });
        Assert.Empty(ended.Log);
        Assert.Empty(ended.Reports);
    }

    [Fact]
    public void A_chip_that_is_gone_keeps_nobody_from_disposing()
    {
        SimulatedBoard board = new();
        GpioController controller = new(new SprigGpioDriver(board, options: new SprigGpioDriverOptions { Together = [[4, 5], [6, 7]] }));
        foreach (int pin in (int[])[4, 5, 6, 7])
            controller.OpenPin(pin, pin < 6 ? PinMode.Output : PinMode.Input);
        Thread? own = null;
        controller.RegisterCallbackForPinValueChangedEvent(6, Both, (_, _) => Volatile.Write(ref own, Thread.CurrentThread));
        board.Drive(6, true);
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref own) is not null, s_patience));
        board.Remove();
        controller.Dispose();
        Assert.False(own!.IsAlive);
        Assert.Equal(0, board.HeldLines);
    }

    [Fact]
    public void Handlers_of_a_run_go_on_when_another_that_had_opened_the_pin_ends()
    {
        SimulatedBoard board = new();
        using SprigGpioDriver driver = new(board);
        using GpioController controller = new(driver);
        using ManualResetEventSlim opened = new(), mayEnd = new();
        Thread opener = new(() => CoroutineScheduler.Run(() =>
        {
            controller.OpenPin(6, PinMode.Input);
            opened.Set();
            mayEnd.Wait();
            return Task.CompletedTask;
        }));
        opener.Start();
        opened.Wait();
        List<PinEventTypes> called = [];
        CoroutineScheduler.Run(async () =>
        {
            using IDisposable expectation = CoroutineScheduler.Current.ExpectPosts();
            controller.RegisterCallbackForPinValueChangedEvent(6, Both, (_, e) => called.Add(e.ChangeType));
            Coroutine<WaitForEventResult> waiter = Coroutine.Spawn(async () => await controller.WaitForEventAsync(6, Both, CancellationToken.None));
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
            mayEnd.Set();
            opener.Join();
            // Taken anew by this run.
            for (int i = 0; i < 1000 && board.HeldLines == 0; i++)
                await Coroutine.Yield();
            board.Drive(6, true);
            Assert.Equal(PinEventTypes.Rising, (await waiter).EventTypes);
            Assert.Equal([PinEventTypes.Rising], called);
        });
        Assert.Equal(0, board.HeldLines);
    }

    [Fact]
    public void A_threads_first_wait_that_comes_at_the_very_end_of_a_run_is_served_all_the_same()
    {
        SimulatedBoard board = new();
        GpioController controller = null!;
        WaitForEventResult result = default;
        Thread waiter = new(() => result = controller.WaitForEvent(6, Both, CancellationToken.None)) { IsBackground = true };
        // When nothing runs on the loop any more, and before it says so.
        board.Changed += change =>
        {
            if (change is not { Line: 17, Level: false })
                return;
            waiter.Start();
            Assert.True(SpinWait.SpinUntil(() => controller.QueryComponentInformation().SubComponents[0].Properties["Waits"] == "1", s_patience));
        };
        CoroutineScheduler.Run(() =>
        {
            controller = new GpioController(new SprigGpioDriver(board));
            controller.OpenPin(6, PinMode.Input);
            board.OpenOutput(17, new GpioOutputOptions { InitialLevel = true });
            return Task.CompletedTask;
        });
        Assert.True(SpinWait.SpinUntil(() => board.GetLineInfo(6).Edges != 0, s_patience));
        board.Drive(6, true);
        Assert.True(waiter.Join(s_patience));
        Assert.Equal(PinEventTypes.Rising, result.EventTypes);
        controller.Dispose();
        Assert.Equal(0, board.HeldLines);
    }
}
