namespace Sprig.Devices.Tests.Boards;

/// <summary>A machine's /proc, /sys and /dev in a folder of its own, as far as boards look into them.</summary>
internal sealed class MachineRoot : IDisposable
{
    internal MachineRoot(string compatible)
    {
        if (compatible.Length > 0)
            Write("proc/device-tree/compatible", compatible);
    }

    internal string Path { get; } = Directory.CreateTempSubdirectory("sprig-board-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);

    /// <summary>A file, or a device's stand-in; its path.</summary>
    internal string Write(string name, string text = "")
    {
        string path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A chip of the kernel, as /sys shows it.</summary>
    internal void AddChip(string name, string device)
    {
        string folder = Directory.CreateDirectory(System.IO.Path.Combine(Path, "sys/bus/gpio/devices")).FullName;
        Directory.CreateSymbolicLink(System.IO.Path.Combine(folder, name), $"../../../devices/platform/ocp/{device}/{name}");
    }
}
