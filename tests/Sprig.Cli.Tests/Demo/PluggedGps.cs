using Sprig.Scheduling;
using Sprig.Testing;

namespace Sprig.Cli.Tests.Demo;

/// <summary>A virtual GPS under a name of its own, as an adapter has under /dev/serial/by-id: unplugged, the name is gone. The
/// number of a pty would be somebody else's at once, in another test.</summary>
internal sealed class PluggedGps : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sprig-");
    private VirtualGps? _gps;

    internal PluggedGps() => Plug();

    internal string Path => System.IO.Path.Combine(_folder.FullName, "gps");

    public void Dispose()
    {
        _gps?.Dispose();
        _folder.Delete(recursive: true);
    }

    internal void Plug()
    {
        _gps = new VirtualGps(TimeSpan.FromMilliseconds(200));
        File.CreateSymbolicLink(Path, _gps.DevicePath);
    }

    internal void Start() => Coroutine.Spawn(_gps!.RunAsync, new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });

    internal void Unplug()
    {
        File.Delete(Path);
        _gps!.Dispose();
    }
}
