using Sprig.Scheduling;

namespace Sprig.Programs.Tests;

/// <summary>A simulated sensor under a name of its own, as an adapter has under /dev/serial/by-id: unplugged, the name is gone. The number
/// of a pty would be somebody else's at once, in another test.</summary>
internal sealed class PluggedSensor : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sprig-");

    internal PluggedSensor() => Device = Plug();

    internal string Path => System.IO.Path.Combine(_folder.FullName, "sensor");

    internal SimulatedMhz19 Device { get; private set; }

    public void Dispose()
    {
        Device.Dispose();
        _folder.Delete(recursive: true);
    }

    internal void Start() => Coroutine.Spawn(Device.RunAsync, new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });

    internal void Unplug()
    {
        File.Delete(Path);
        Device.Dispose();
    }

    internal void PlugAgain()
    {
        Device = Plug();
        Start();
    }

    private SimulatedMhz19 Plug()
    {
        SimulatedMhz19 device = new();
        File.CreateSymbolicLink(Path, device.DevicePath);
        return device;
    }
}
