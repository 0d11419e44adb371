using System.Device.Gpio;
using Sprig.Devices.Drivers;
using Sprig.Scheduling;
using Sprig.Testing;
using Xunit;

namespace Sprig.Devices.Tests.Drivers;

/// <summary>Threads beside the loop, loops beside the loop, and no loop at all. Waits are bounded; no time is asserted.</summary>
public class DriverThreadTests
{
    private const PinEventTypes Both = PinEventTypes.Rising | PinEventTypes.Falling;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly SimulatedBoard _board = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_thread_that_polls_by_short_waits_and_a_handler_share_a_pin_and_both_get_each_edge(bool besideLoop)
    {
        // As Ccs811 does it: a handler, and WaitForEvent(50 ms) in a loop on a thread of its own.
        int handled = 0, waited = 0;
        Do(besideLoop, controller =>
        {
            controller.RegisterCallbackForPinValueChangedEvent(6, PinEventTypes.Falling, (_, _) => Interlocked.Increment(ref handled));
            bool running = true;
            Thread poller = Started(() =>
            {
                while (Volatile.Read(ref running))
                {
                    if (!controller.WaitForEvent(6, PinEventTypes.Falling, TimeSpan.FromMilliseconds(1)).TimedOut)
                        Interlocked.Increment(ref waited);
                }
            });
            Until(() => Waits(controller) > 0);
            for (int i = 1; i <= 50; i++)
            {
                _board.Drive(6, true);
                _board.Drive(6, false);
                Until(() => Volatile.Read(ref handled) == i && Volatile.Read(ref waited) == i);
            }

            Volatile.Write(ref running, false);
            Assert.True(poller.Join(s_patience));
            Assert.Equal(besideLoop ? "the run of the program" : "the thread sprig-gpio", Served(controller));
        });
        Assert.Equal((50, 50), (handled, waited));
    }

    [Fact]
    public void A_timeout_ends_a_threads_wait_while_the_loop_stands_still_for_that_thread() => CoroutineScheduler.Run(() =>
    {
        // Ccs811's Dispose, called on the loop, waits for its thread without awaiting.
        using GpioController controller = Open();
        WaitForEventResult result = default;
        Thread thread = Started(() => result = controller.WaitForEvent(6, Both, TimeSpan.FromMilliseconds(20)));
        Assert.True(thread.Join(s_patience));
        Assert.True(result.TimedOut);
        return Task.CompletedTask;
    });

    [Fact]
    public void The_drivers_thread_is_one_for_all_pins_and_ends_with_Dispose()
    {
        HashSet<string?> names = [];
        int calls = 0;
        Thread? own = null;
        using (GpioController controller = new(new SprigGpioDriver(_board)))
        {
            for (int pin = 0; pin < 28; pin++)
            {
                controller.OpenPin(pin, PinMode.Input);
                controller.RegisterCallbackForPinValueChangedEvent(pin, Both, (_, _) =>
                {
                    own = Thread.CurrentThread;
                    names.Add(own.Name);
                    Interlocked.Increment(ref calls);
                });
            }

            for (int pin = 0; pin < 28; pin++)
                _board.Drive(pin, true);
            Until(() => Volatile.Read(ref calls) == 28);
            Assert.True(own!.IsBackground);
        }

        Assert.Equal(["sprig-gpio"], names);
        Assert.False(own.IsAlive);
        Assert.Equal(0, _board.HeldLines);
    }

    [Fact]
    public void Without_edges_there_is_no_thread()
    {
        using GpioController controller = Open();
        controller.OpenPin(7, PinMode.Output).Toggle();
        Assert.Equal("nobody", Served(controller));
    }

    [Fact]
    public void Failures_of_handlers_on_the_drivers_thread_go_to_the_observer()
    {
        Reports reports = new();
        using GpioController controller = new(new SprigGpioDriver(_board, options: new SprigGpioDriverOptions { Observer = reports }));
        controller.OpenPin(6, PinMode.Input);
        controller.RegisterCallbackForPinValueChangedEvent(6, Both, (_, _) => throw new InvalidOperationException("as it must"));
        _board.Drive(6, true);
        Until(() => reports.Last == "as it must");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Dispose_wakes_a_thread_that_waits(bool besideLoop)
    {
        Do(besideLoop, controller =>
        {
            Exception? error = null;
            Thread thread = Started(() => error = Record.Exception(() => controller.WaitForEvent(6, Both, CancellationToken.None)));
            Until(() => Waits(controller) > 0);
            controller.Dispose();
            Assert.True(thread.Join(s_patience));
            Assert.IsType<ObjectDisposedException>(error);
        });
        Assert.Equal(0, _board.HeldLines);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_handler_on_the_drivers_thread_may_dispose_the_driver(bool awaits)
    {
        Thread? own = null;
        bool done = false;
        GpioController controller = Open();
        controller.RegisterCallbackForPinValueChangedEvent(6, Both, async (_, _) =>
        {
            own = Thread.CurrentThread;
            if (awaits)
                await Coroutine.Yield();
            controller.Dispose();
            Volatile.Write(ref done, true);
        });
        _board.Drive(6, true);
        Until(() => Volatile.Read(ref done));
        Assert.True(own!.Join(s_patience));
        Assert.Equal(0, _board.HeldLines);
    }

    [Fact]
    public void A_thread_waits_on_when_the_run_that_served_it_has_ended()
    {
        GpioController controller = null!;
        Thread thread = null!;
        WaitForEventResult result = default;
        CoroutineScheduler.Run(async () =>
        {
            controller = Open();
            thread = Started(() => result = controller.WaitForEvent(6, Both, CancellationToken.None));
            while (Waits(controller) == 0)
                await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
            Assert.Equal("the run of the program", Served(controller));
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
        });
        Until(() => Served(controller) == "the thread sprig-gpio");
        // The lines were given back with the run, and are taken anew by that thread.
        Until(() => _board.HeldLines == 1);
        Until(() => _board.GetLineInfo(6).Edges != 0);
        _board.Drive(6, true);
        Assert.True(thread.Join(s_patience));
        Assert.Equal(PinEventTypes.Rising, result.EventTypes);
        controller.Dispose();
        Assert.Equal(0, _board.HeldLines);
    }

    [Fact]
    public void A_later_run_serves_what_the_one_before_did()
    {
        using GpioController controller = Open();
        int calls = 0;
        for (int i = 1; i <= 3; i++)
        {
            CoroutineScheduler.Run(async () =>
            {
                controller.RegisterCallbackForPinValueChangedEvent(6, Both, (_, _) => calls++);
                _board.Drive(6, !_board[6]);
                await controller.WaitForEventAsync(6, Both, CancellationToken.None);
                await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
                // Those of the runs before have ended with them.
                Assert.Equal((i, "the run of the program"), (calls, Served(controller)));
            });
        }
    }

    [Fact]
    public void A_coroutine_of_another_loop_waits_too_and_goes_on_there()
    {
        using GpioController controller = Open();
        // Served by the driver's own thread, since it was needed before any run.
        controller.RegisterCallbackForPinValueChangedEvent(6, Both, (_, _) => { });
        CoroutineScheduler.Run(async () =>
        {
            int thread = Environment.CurrentManagedThreadId;
            for (int i = 0; i < 100; i++)
            {
                Thread driver = Started(() =>
                {
                    Until(() => Waits(controller) > 0);
                    _board.Drive(6, !_board[6]);
                });
                Assert.False((await controller.WaitForEventAsync(6, Both, CancellationToken.None)).TimedOut);
                Assert.Equal(thread, Environment.CurrentManagedThreadId);
                Assert.True(driver.Join(s_patience));
            }

            Assert.True((await controller.WaitForEventAsync(6, Both, TimeSpan.FromMilliseconds(1))).TimedOut);
            Assert.Equal(thread, Environment.CurrentManagedThreadId);
        },
        // What the driver's thread will bring is no deadlock, however long it takes.
        new SchedulerOptions { DeadlockPatience = TimeSpan.Zero });
        Assert.Equal("the thread sprig-gpio", Served(controller));
    }

    [Fact]
    public void Many_threads_wait_cancel_and_close_at_once_and_none_hangs()
    {
        using GpioController controller = new(new SprigGpioDriver(_board));
        for (int round = 0; round < 50; round++)
        {
            controller.OpenPin(6, PinMode.Input);
            int ended = 0;
            Thread[] threads = [.. Enumerable.Range(0, 8).Select(i => Started(() =>
            {
                using CancellationTokenSource source = new(TimeSpan.FromMilliseconds(i % 3));
                Record.Exception(() => controller.WaitForEvent(6, Both, i < 6 ? source.Token : CancellationToken.None));
                Interlocked.Increment(ref ended);
            }))];
            _board.Drive(6, !_board[6]);
            Until(() => Volatile.Read(ref ended) >= 6);
            controller.ClosePin(6);
            Assert.All(threads, thread => Assert.True(thread.Join(s_patience)));
        }

        Assert.Equal(0, _board.HeldLines);
    }

    [Fact]
    public void Levels_and_modes_from_many_threads_leave_the_pin_as_the_last_one_set_it()
    {
        using GpioController controller = new(new SprigGpioDriver(_board));
        controller.OpenPin(7, PinMode.Output);
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => Started(() =>
        {
            for (int i = 0; i < 1001; i++)
                controller.Toggle(7);
        }))];
        Assert.All(threads, thread => Assert.True(thread.Join(s_patience)));
        Assert.Equal(PinValue.Low, controller.Read(7));
        Assert.Equal(4004, _board.ChangesOf(7).Count());
    }

    private static string Served(GpioController controller) => Told(controller, "EdgesServedBy");

    private static int Waits(GpioController controller) => int.Parse(Told(controller, "Waits"), System.Globalization.CultureInfo.InvariantCulture);

    private static string Told(GpioController controller, string what) => controller.QueryComponentInformation().SubComponents[0].Properties[what];

    private static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, s_patience));

    private static Thread Started(Action body)
    {
        Thread thread = new(() => body()) { IsBackground = true };
        thread.Start();
        return thread;
    }

    private GpioController Open()
    {
        GpioController controller = new(new SprigGpioDriver(_board));
        controller.OpenPin(6, PinMode.Input);
        return controller;
    }

    /// <summary>On a plain thread: beside the run in which the driver was made, or with none.</summary>
    private void Do(bool besideLoop, Action<GpioController> body)
    {
        if (!besideLoop)
        {
            using GpioController alone = Open();
            body(alone);
            return;
        }

        CoroutineScheduler.Run(async () =>
        {
            using GpioController controller = Open();
            TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Started(() =>
            {
                Exception? error = Record.Exception(() => body(controller));
                if (error is null)
                    done.SetResult();
                else
                    done.SetException(error);
            });
            await done.Task;
        });
    }

    private sealed class Reports : SchedulerObserver
    {
        internal volatile string? Last;

        public override void OnCallbackFailed(Coroutine? coroutine, Exception exception) => Last = exception.Message;
    }
}
