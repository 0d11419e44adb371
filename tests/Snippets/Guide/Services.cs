using System.Net;
using Sprig.Hosting;
using Sprig.IO;
using Sprig.IO.Ports;
using Sprig.Scheduling;

namespace Snippets.Guide;

/// <summary>The guide's pieces on programs as services; each region is one fence.</summary>
internal static class Services
{
    internal static int Ready(Func<Task> openSensorsAsync, Func<SocketListener, Task> serveAsync)
    {
        #region ready
        return CoroutineProgram.Run(async () =>
        {
            SystemdNotifier.HoldReady();            // main's first wait does not mean that we serve
            await openSensorsAsync();
            using SocketListener listener = SocketListener.Listen(new IPEndPoint(IPAddress.Any, 7000));
            SystemdNotifier.Ready();
            SystemdNotifier.SetStatus("serves on port 7000");
            await serveAsync(listener);
        });
        #endregion
    }

    internal static async Task PollAsync(SerialPort port, Action<string> publish)
    {
        #region heartbeat
        using Heartbeat beat = Heartbeat.Expect("sensor", TimeSpan.FromSeconds(10));
        while (await port.ReadLineAsync() is { } line)
        {
            beat.Beat();
            publish(line);
        }
        #endregion
    }

    internal static async Task BoardAsync(Func<Task> runAsync)
    {
        #region hardware_watchdog
        using HardwareWatchdog watchdog = HardwareWatchdog.Open("/dev/watchdog", TimeSpan.FromSeconds(15));
        Console.WriteLine($"{watchdog.Device.Identity} resets the board after {watchdog.Device.Timeout}");
        await runAsync();
        #endregion
    }

    internal static void Log(double celsius)
    {
        #region journal
        Journal.Write(JournalPriority.Info, "reading", [("SENSOR", "bme280"), ("CELSIUS", celsius)]);
        #endregion
    }

    internal static void Housekeeping(Action sweep)
    {
        #region housekeeping
        using IDisposable sweeping = CoroutineScheduler.Current.Housekeep(TimeSpan.FromMinutes(1), sweep);
        #endregion
    }
}
