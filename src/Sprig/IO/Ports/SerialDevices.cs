namespace Sprig.IO.Ports;

/// <summary>Which serial devices this machine has, and waiting for one that is to come.</summary>
/// <remarks>Any thread. A device that goes while they are listed is left out. Ports without hardware behind them are no devices.</remarks>
public static partial class SerialDevices
{
    /// <summary>Their paths: adapters by their stable names first (/dev/serial/by-id), then the board's own. Those that the kernel's
    /// console has are left out.</summary>
    public static IReadOnlyList<string> List() => List(SerialFolders.Real);

    /// <summary>Their plain paths, /dev/ttyUSB0, as System.IO.Ports lists them; without the kernel's console.</summary>
    public static string[] GetPortNames() => [.. GetAll().Where(device => !device.IsConsole).Select(device => device.Path)];

    /// <summary>All of them with what the kernel tells, the console's too, by their paths: /dev/ttyUSB2 before /dev/ttyUSB10.</summary>
    public static IReadOnlyList<SerialDevice> GetAll() => SerialFolders.Real.List();

    /// <summary>The one that a name leads to: a path, a stable name, any link; null when there is none just now.</summary>
    public static SerialDevice? Find(string name) => Find(SerialFolders.Real, name);

    internal static IReadOnlyList<string> List(SerialFolders folders)
    {
        SerialDevice[] usable = [.. folders.List().Where(device => !device.IsConsole)];
        return
        [
            .. usable.Select(device => device.ById).OfType<string>().Order(StringComparer.Ordinal),
            .. usable.Where(device => device.ById is null).Select(device => device.Path),
        ];
    }

    internal static SerialDevice? Find(SerialFolders folders, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        string full = Path.GetFullPath(name);
        string target = SerialFolders.Resolve(full) ?? full;
        return folders.List().FirstOrDefault(device => device.Path == target);
    }
}
