using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Hosting;

/// <summary>The board's watchdog, fed by the program's health: the loop turns and no <see cref="Heartbeat"/> is overdue. When the program hangs
/// or crashes, or the kernel does, the board is reset; when it ends in order, it is not.</summary>
/// <remarks>A program needs no code for it where the environment says SPRIG_WATCHDOG=/dev/watchdog (and SPRIG_WATCHDOG_TIMEOUT=15, in seconds):
/// <see cref="CoroutineProgram"/> opens it then. See <see cref="WatchdogDevice"/> for what it may do.</remarks>
public sealed class HardwareWatchdog : IDisposable
{
    private static readonly TimeSpan s_defaultTimeout = TimeSpan.FromSeconds(15);

    private readonly IDisposable _feeding;

    internal HardwareWatchdog(WatchdogDevice device, Health health)
    {
        Device = device;
        _feeding = health.Feed(device.Timeout, device.KeepAlive);
    }

    /// <summary>What is fed; see its Timeout.</summary>
    public WatchdogDevice Device { get; }

    /// <summary>Opens the watchdog, which starts it, and feeds it from this scheduler's loop.</summary>
    /// <param name="path">The device.</param>
    /// <param name="timeout">How long it shall wait; 15 seconds unless given, the most that a Raspberry Pi's takes.</param>
    /// <exception cref="InvalidOperationException">No scheduler runs on this thread.</exception>
    /// <inheritdoc cref="WatchdogDevice.Open" path="/exception"/>
    public static HardwareWatchdog Open(string path = "/dev/watchdog", TimeSpan? timeout = null)
    {
        // Before it is started.
        _ = CoroutineScheduler.Current;
        return new HardwareWatchdog(WatchdogDevice.Open(path, timeout ?? s_defaultTimeout), Health.OfProcess);
    }

    /// <summary>Stops it: the board goes on without.</summary>
    public void Dispose()
    {
        _feeding.Dispose();
        Device.Dispose();
    }
}
