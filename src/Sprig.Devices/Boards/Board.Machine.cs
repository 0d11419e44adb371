using Sprig.IO;

namespace Sprig.Devices.Boards;

/// <content>How this machine is recognised, and its chips are found.</content>
public sealed partial class Board
{
    /// <summary>The board that the machine below <paramref name="systemRoot"/> is.</summary>
    internal static Board Open(string systemRoot)
    {
        BoardMap map = BoardMap.OfThisMachine(systemRoot) ?? throw Unknown(BoardMap.CompatibleOf(systemRoot));
        return new Board(map, chip => OpenKernelChip(map, chip, systemRoot), systemRoot, ownsChips: true);
    }

    /// <summary>The name of the chip of a device, as gpiochip3; null where there is none.</summary>
    internal static string? NameOfDevice(string device, string systemRoot)
    {
        DirectoryInfo devices = new(Path.Combine(systemRoot, "sys/bus/gpio/devices"));
        if (!devices.Exists)
            return null;
        // Each is a link to .../44e07000.gpio/gpiochip3.
        return devices.EnumerateFileSystemInfos("gpiochip*")
            .FirstOrDefault(link => Path.GetFileName(Path.GetDirectoryName(link.LinkTarget)) == device)?.Name;
    }

    private static GpioChip OpenKernelChip(BoardMap map, BoardChip chip, string systemRoot)
    {
        if (chip.Device is null)
            return GpioChip.Open(chip.Label);
        string name = NameOfDevice(chip.Device, systemRoot)
            ?? throw new FileNotFoundException($"There is no GPIO chip of the device {chip.Device}, which a {map.Name} has.");
        return GpioChip.Open($"/dev/{name}");
    }

    private static PlatformNotSupportedException Unknown(string[] compatible)
    {
        string machine = compatible.Length == 0
            ? "This machine has no device tree"
            : $"This machine ({string.Join(", ", compatible)}) is no board that Sprig knows";
        string known = string.Join(", ", BoardMap.Known.Select(map => map.Name));
        return new PlatformNotSupportedException(
            $"{machine}; known are: {known}. Describe it in a file and use Board.Load, or go on with GpioChip.Open and the numbers of lines.");
    }
}
