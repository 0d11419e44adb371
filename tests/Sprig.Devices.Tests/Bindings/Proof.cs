using System.Device.Gpio;
using Sprig.Devices.Buses;
using Sprig.Devices.Drivers;
using Sprig.Scheduling;
using Sprig.Testing;
using Sprig.Testing.Buses;
using Xunit;

namespace Sprig.Devices.Tests.Bindings;

/// <summary>What every proof needs: a run in virtual time, a simulated bus in a lane, and the evidence that the loop goes on
/// while a binding is at work. The evidence is not a matter of time: a transfer is held until another coroutine has run on the
/// loop since it began.</summary>
internal sealed class Proof : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly int _loopThread = Environment.CurrentManagedThreadId;
    private readonly SemaphoreSlim _turns = new(0);
    private bool _isArmed;
    private string? _evidence;

    private Proof()
    {
        Bus.Transferred += _ => Hold();
        I2c = new SprigI2cBus(Bus);
        Controller = new GpioController(new SprigGpioDriver(Board, ownsChip: false));
    }

    internal SimulatedBoard Board { get; } = new();

    /// <summary>The program's side of its pins.</summary>
    internal GpioController Controller { get; }

    internal bool IsOnLoop => Environment.CurrentManagedThreadId == _loopThread;

    /// <summary>The wires, for attaching chips.</summary>
    internal SimulatedI2cBus Bus { get; } = new();

    /// <summary>The program's side of them.</summary>
    internal SprigI2cBus I2c { get; }

    internal static void Run(Func<Proof, Task> body)
    {
        TestClock clock = new() { Patience = TimeSpan.FromMilliseconds(1) };
        CoroutineScheduler.Run(
            async () =>
            {
                using Proof proof = new();
                _ = Coroutine.Spawn(proof.TurnAsync, new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
                await body(proof);
            },
            new SchedulerOptions { Clock = clock });
    }

    internal Task InLane(Action work) => InLane(I2c.Lane, () =>
    {
        work();
        return true;
    });

    internal Task<T> InLane<T>(Func<T> work) => InLane(I2c.Lane, work);

    /// <summary>Runs a binding's code in its lane, with the first transfer of it held until the loop has turned.</summary>
    internal async Task<T> InLane<T>(Lane lane, Func<T> work)
    {
        _evidence = null;
        Volatile.Write(ref _isArmed, true);
        T result = await lane.RunAsync(work);
        Assert.Equal("the loop went on, transfer on another thread", _evidence);
        return result;
    }

    /// <summary>For what transfers elsewhere than on <see cref="Bus"/>. Thread of the transfer.</summary>
    internal void Hold()
    {
        if (!Volatile.Read(ref _isArmed))
            return;
        Volatile.Write(ref _isArmed, false);
        while (_turns.Wait(0))
        {
        }

        // One of before may have been under way, the second is of after.
        bool turned = _turns.Wait(s_patience) && _turns.Wait(s_patience);
        _evidence = $"the loop {(turned ? "went on" : "stood")}, transfer on {(IsOnLoop ? "its" : "another")} thread";
    }

    public void Dispose()
    {
        Controller.Dispose();
        I2c.Dispose();
    }

    private async Task TurnAsync()
    {
        while (true)
        {
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
            _turns.Release();
        }
    }
}
