using System.Device.Gpio;
using System.Globalization;
using System.Runtime.CompilerServices;
using Sprig.Devices.Drivers;
using Sprig.Scheduling;
using Sprig.Testing;
using Xunit;

namespace Sprig.Devices.Tests.Drivers;

/// <summary>A controller on a simulated board in one of the three settings, and what differs between them: how one waits.</summary>
internal abstract class ControllerRig
{
    internal const int Out = 5;
    internal const int In = 6;

    protected ControllerRig(SprigGpioDriverOptions? options)
    {
        // A wire from the output to the input, as the boards of dotnet/iot's own tests have it.
        Board.Connect(Out, In);
        Driver = new SprigGpioDriver(Board, options: options);
        Controller = new GpioController(Driver);
    }

    internal SimulatedBoard Board { get; } = new();

    internal SprigGpioDriver Driver { get; }

    internal GpioController Controller { get; }

    /// <summary>Waits for an edge as code of this setting does.</summary>
    internal abstract Task<WaitForEventResult> WaitAsync(int pin, PinEventTypes kinds, CancellationToken token = default);

    /// <summary>The same with the controller's timeout.</summary>
    internal abstract Task<WaitForEventResult> WaitAsync(int pin, PinEventTypes kinds, TimeSpan timeout);

    /// <summary>Waits until it is so; fails when that does not come.</summary>
    internal abstract Task Until(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "");

    /// <summary>Does something while another waits for a pin: after that one stands there.</summary>
    internal abstract void DoSoon(Action action);

    internal int Waits => int.Parse(Driver.QueryComponentInformation().Properties["Waits"], CultureInfo.InvariantCulture);

    internal void OpenBoth()
    {
        Controller.OpenPin(In, PinMode.Input);
        Controller.OpenPin(Out, PinMode.Output);
    }

    internal void Pulse(int times)
    {
        for (int i = 0; i < times; i++)
        {
            Controller.Write(Out, PinValue.High);
            Controller.Write(Out, PinValue.Low);
        }
    }
}

/// <summary>In a coroutine, in virtual time.</summary>
internal sealed class LoopRig(SprigGpioDriverOptions? options) : ControllerRig(options)
{
    internal static void Run(Func<ControllerRig, Task> body, SprigGpioDriverOptions? options)
        => CoroutineScheduler.Run(
            async () =>
            {
                LoopRig rig = new(options);
                using (rig.Controller)
                    await body(rig);
                Assert.Equal(0, rig.Board.HeldLines);
            },
            new SchedulerOptions { Clock = new TestClock() });

    internal override async Task<WaitForEventResult> WaitAsync(int pin, PinEventTypes kinds, CancellationToken token = default)
        => await Controller.WaitForEventAsync(pin, kinds, token);

    internal override async Task<WaitForEventResult> WaitAsync(int pin, PinEventTypes kinds, TimeSpan timeout)
        => await Controller.WaitForEventAsync(pin, kinds, timeout);

    internal override async Task Until(Func<bool> condition, string what = "")
    {
        for (int i = 0; i < 10_000 && !condition(); i++)
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
        Assert.True(condition(), $"It did not come: {what}");
    }

    internal override void DoSoon(Action action) => Coroutine.SpawnAfter(TimeSpan.FromSeconds(1), () =>
    {
        action();
        return Task.CompletedTask;
    });
}

/// <summary>On a plain thread: no scheduler runs there.</summary>
internal sealed class ThreadRig(SprigGpioDriverOptions? options) : ControllerRig(options)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly List<Thread> _soon = [];

    /// <summary>The driver was made in a run, which goes on meanwhile.</summary>
    internal static void RunBesideLoop(Func<ControllerRig, Task> body, SprigGpioDriverOptions? options) => CoroutineScheduler.Run(async () =>
    {
        ThreadRig rig = new(options);
        using (rig.Controller)
            await rig.RunOnThread(body);
        Assert.Equal(0, rig.Board.HeldLines);
    });

    /// <summary>No scheduler anywhere.</summary>
    internal static void RunAlone(Func<ControllerRig, Task> body, SprigGpioDriverOptions? options)
    {
        ThreadRig rig = new(options);
        using (rig.Controller)
            rig.RunOnThread(body).GetAwaiter().GetResult();
        Assert.Equal(0, rig.Board.HeldLines);
    }

    internal override Task<WaitForEventResult> WaitAsync(int pin, PinEventTypes kinds, CancellationToken token = default)
        => Task.FromResult(Controller.WaitForEvent(pin, kinds, token));

    internal override Task<WaitForEventResult> WaitAsync(int pin, PinEventTypes kinds, TimeSpan timeout)
        => Task.FromResult(Controller.WaitForEvent(pin, kinds, timeout));

    internal override Task Until(Func<bool> condition, string what = "")
    {
        Assert.True(SpinWait.SpinUntil(condition, s_patience), $"It did not come: {what}");
        return Task.CompletedTask;
    }

    internal override void DoSoon(Action action)
    {
        Thread thread = new(() =>
        {
            SpinWait.SpinUntil(() => Waits > 0, s_patience);
            action();
        })
        { IsBackground = true };
        _soon.Add(thread);
        thread.Start();
    }

    private Task RunOnThread(Func<ControllerRig, Task> body)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() =>
        {
            try
            {
                body(this).GetAwaiter().GetResult();
                // They use the pins, which are closed after this.
                _soon.ForEach(soon => soon.Join());
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        })
        { IsBackground = true };
        thread.Start();
        return done.Task;
    }
}
