using System.Globalization;

namespace Sprig.IO.Ports;

/// <summary>A device's folder in sysfs, whose files are its attributes. Any of them may be gone when it is read.</summary>
/// <param name="Path">Without links in it.</param>
internal sealed record SysfsFolder(string Path)
{
    /// <summary>The nearest folder from <paramref name="device"/> upwards that has a file of that name; null when there is none below
    /// <paramref name="root"/>.</summary>
    internal static SysfsFolder? FindAbove(string device, string root, string file)
        => Upwards(device, root).FirstOrDefault(folder => File.Exists($"{folder}/{file}")) is { } found ? new SysfsFolder(found) : null;

    /// <summary>The name of the driver that serves a device.</summary>
    internal static string? DriverOf(string device, string root)
    {
        // Newer kernels put two layers of the serial core between a port and its chip, with drivers of their own: port and ctrl.
        string? folder = Upwards(device, root).FirstOrDefault(one => LinkName($"{one}/driver") is not null && LinkName($"{one}/subsystem") != "serial-base");
        return folder is null ? null : LinkName($"{folder}/driver");
    }

    /// <summary>The text of an attribute without the line's end; null when it is empty, or gone with its device.</summary>
    internal static string? ReadText(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim() is { Length: > 0 } text ? text : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal string? Text(string attribute) => ReadText($"{Path}/{attribute}");

    internal int? Hexadecimal(string attribute)
        => int.TryParse(Text(attribute), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static string? LinkName(string link)
    {
        try
        {
            return System.IO.Path.GetFileName(new FileInfo(link).LinkTarget);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Upwards(string device, string root)
    {
        for (string? folder = device; folder?.Length > root.Length; folder = System.IO.Path.GetDirectoryName(folder))
            yield return folder;
    }
}
