using System.Globalization;
using Sprig.Linux;

namespace Sprig.IO;

/// <content>Which chips there are.</content>
internal sealed partial class KernelGpioChip
{
    private const string Prefix = "gpiochip";

    /// <summary>The chips in a folder of devices, each once: a link to one that has a name of its own there is passed over.</summary>
    internal static List<GpioChipInfo> ListIn(string devices)
    {
        List<GpioChipInfo> chips = [];
        HashSet<ulong> seen = [];
        foreach (string path in Directory.EnumerateFileSystemEntries(devices, Prefix + "*").OrderBy(IsLink).ThenBy(NumberOf))
        {
            if (DeviceAccess.NumberOf(path) is { } device && seen.Add(device))
                chips.Add(Describe(path));
        }

        chips.Sort((one, other) => NumberOf(one.Path).CompareTo(NumberOf(other.Path)));
        return chips;
    }

    private static GpioChipInfo Describe(string path)
    {
        string name = Path.GetFileName(path);
        int opened = Syscall.Open(path, Syscall.OpenReadWrite);
        if (opened < 0)
            return new GpioChipInfo(path, name, LabelWithoutPermission(name), 0);
        using FileDescriptor chip = new(opened);
        return GpioUapi.GetChipInfo(chip.Number, out string own, out string label, out int lines) < 0
            ? new GpioChipInfo(path, name, "", 0)
            : new GpioChipInfo(path, own, label, lines);
    }

    // The device tree's compatible string holds the labels of the boards that we know by heart.
    private static string LabelWithoutPermission(string name)
    {
        string compatible = $"/sys/bus/gpio/devices/{name}/of_node/compatible";
        string text = File.Exists(compatible) ? File.ReadAllText(compatible) : "";
        return text.Contains("rp1-gpio", StringComparison.Ordinal) ? "pinctrl-rp1"
            : text.Contains("bcm2711-gpio", StringComparison.Ordinal) ? "pinctrl-bcm2711"
            : text.Contains("bcm2835-gpio", StringComparison.Ordinal) ? "pinctrl-bcm2835"
            : "";
    }

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    private static int NumberOf(string path)
        => int.TryParse(Path.GetFileName(path).AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : int.MaxValue;
}
