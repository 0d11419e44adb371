using System.Globalization;

namespace Sprig.IO.Ports;

/// <summary>Where the kernel (sysfs) and udev (the links in /dev) tell of serial devices.</summary>
/// <param name="Sys">/sys.</param>
/// <param name="Dev">/dev.</param>
internal sealed record SerialFolders(string Sys, string Dev)
{
    internal static SerialFolders Real { get; } = new("/sys", "/dev");

    /// <summary>What is there. A device that goes meanwhile leaves out what it does not tell any more, or itself.</summary>
    internal IReadOnlyList<SerialDevice> List()
    {
        HashSet<string> consoles = [.. SysfsFolder.ReadText($"{Sys}/class/tty/console/active")?.Split(' ') ?? []];
        ILookup<string, string> links = Links();
        return
        [
            .. Entries($"{Sys}/class/tty")
                .Select(entry => Describe(Path.GetFileName(entry.FullName), links, consoles))
                .OfType<SerialDevice>()
                .OrderBy(device => OrderOf(device.Path).Kind, StringComparer.Ordinal)
                .ThenBy(device => OrderOf(device.Path).Number),
        ];
    }

    /// <summary>Where a link leads in the end; null when it is none, or just went.</summary>
    internal static string? Resolve(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private SerialDevice? Describe(string name, ILookup<string, string> links, HashSet<string> consoles)
    {
        // Without a device there is no hardware: virtual terminals, pseudo-terminals.
        if (Resolve($"{Sys}/class/tty/{name}") is not { } own || Resolve($"{own}/device") is not { } device || !File.Exists($"{Dev}/{name}"))
            return null;
        // The 8250 driver makes its ttyS0 to ttyS3 whether there is a chip or not; type 0 is "unknown", none.
        if (SysfsFolder.ReadText($"{own}/type") == "0")
            return null;
        SysfsFolder? usb = SysfsFolder.FindAbove(device, Sys, "idVendor");
        string path = $"{Dev}/{name}";
        return new SerialDevice
        {
            Path = path,
            ById = links[path].FirstOrDefault(link => link.StartsWith($"{Dev}/serial/by-id/", StringComparison.Ordinal)),
            ByPath = links[path].FirstOrDefault(link => link.StartsWith($"{Dev}/serial/by-path/", StringComparison.Ordinal)),
            Aliases = [.. links[path].Where(link => Path.GetDirectoryName(link) == Dev)],
            Driver = SysfsFolder.DriverOf(device, Sys),
            UsbVendorId = usb?.Hexadecimal("idVendor"),
            UsbProductId = usb?.Hexadecimal("idProduct"),
            UsbInterface = usb is null ? null : SysfsFolder.FindAbove(device, Sys, "bInterfaceNumber")?.Hexadecimal("bInterfaceNumber"),
            Manufacturer = usb?.Text("manufacturer"),
            Product = usb?.Text("product"),
            SerialNumber = usb?.Text("serial"),
            IsConsole = consoles.Contains(name),
        };
    }

    // Target of each link, to the links that lead there.
    private ILookup<string, string> Links()
        => new[] { Dev, $"{Dev}/serial/by-id", $"{Dev}/serial/by-path" }
            .SelectMany(Entries)
            .Where(entry => entry.LinkTarget is not null)
            .OrderBy(entry => entry.FullName, StringComparer.Ordinal)
            .ToLookup(entry => Resolve(entry.FullName) ?? "", entry => entry.FullName, StringComparer.Ordinal);

    private static FileSystemInfo[] Entries(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).GetFileSystemInfos();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // by-id and by-path are there as long as an adapter is.
            return [];
        }
    }

    // ttyUSB2 before ttyUSB10.
    private static (string Kind, int Number) OrderOf(string path)
    {
        string kind = path.TrimEnd([.. "0123456789"]);
        return (kind, int.TryParse(path.AsSpan(kind.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1);
    }
}
