using Sprig.Scheduling;
using Sprig.Testing.Serial;

namespace Snippets.Serial;

internal static class VirtualDevices
{
    internal static async Task TestAsync(Func<string, Task> ShowTemperatureAsync)
    {
        #region virtual_serial
        using VirtualSerial device = new("usb-thermometer");
        ScriptedSensor sensor = new ScriptedSensor(device).WhenLine("T1?", "21.5", delay: TimeSpan.FromMilliseconds(40));
        _ = Coroutine.Spawn(sensor.RunAsync, new SpawnOptions { Daemon = DaemonRule.UntilWorkEnds });
        Coroutine program = Coroutine.Spawn(() => ShowTemperatureAsync(device.DevicePath));

        sensor.BeSilentFor(2);                              // then BeLateFor, GarbleFor, SendLineAsync ...
        device.Unplug();                                    // the tty and its name are gone
        await Coroutine.Sleep(TimeSpan.FromSeconds(3));
        device.Plug();                                      // another tty, the same name
        #endregion
        await program;
    }
}
