using Sprig.Linux;

namespace Sprig.IO;

/// <summary>A chip of the kernel, through its character device.</summary>
internal sealed class KernelGpioChip : GpioChip
{
    private readonly FileDescriptor _chip;
    private readonly string _path;

    private KernelGpioChip(FileDescriptor chip, string path, string name, string label, int lines)
    {
        _chip = chip;
        _path = path;
        Name = name;
        Label = label;
        LineCount = lines;
    }

    public override string Name { get; }

    public override string Label { get; }

    public override int LineCount { get; }

    internal static KernelGpioChip OpenPath(string path)
    {
        int opened = Syscall.Open(path, Syscall.OpenReadWrite);
        if (opened == -Errno.ENOENT)
            throw NotFound($"There is no GPIO chip {path}");
        if (opened < 0)
            throw DeviceAccess.Explain(-opened, path);
        FileDescriptor chip = new(opened);
        int result = GpioUapi.GetChipInfo(chip.Number, out string name, out string label, out int lines);
        if (result >= 0)
            return new KernelGpioChip(chip, path, name, label, lines);
        chip.Dispose();
        throw result == -Errno.ENOTTY ? new IOException($"{path} is no GPIO chip.") : Errno.ToException(-result, "ask", path);
    }

    /// <summary>The path of the first chip that fits; null when none does.</summary>
    internal static string? Find(Func<string, string, bool> fits)
        => List().Where(chip => fits(chip.Name, chip.Label)).Select(chip => chip.Path).FirstOrDefault();

    /// <summary>The chips of this machine, each once, whatever links /dev holds. Those that may not be opened are told by
    /// their place in /sys, so that the error comes where one is opened, with its cure.</summary>
    internal static List<(string Path, string Name, string Label)> List()
    {
        List<(string, string, string)> chips = [];
        if (!Directory.Exists("/sys/bus/gpio/devices"))
            return chips;
        foreach (string device in Directory.EnumerateFileSystemEntries("/sys/bus/gpio/devices").Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(device);
            if (name.StartsWith("gpiochip", StringComparison.Ordinal))
                chips.Add(($"/dev/{name}", name, LabelOf($"/dev/{name}", device)));
        }

        return chips;
    }

    public override GpioLineInfo GetLineInfo(int line)
    {
        ThrowIfNoLine(line);
        int result = GpioUapi.GetLineInfo(_chip.Number, line, out string name, out string consumer, out ulong flags);
        if (result < 0)
            throw Errno.ToException(-result, $"ask for line {line} of", _path);
        return new GpioLineInfo(line, name, consumer, (flags & GpioUapi.Used) != 0, (flags & GpioUapi.Output) != 0);
    }

    public override GpioOutput OpenOutput(int line, GpioOutputOptions? options = null)
    {
        options ??= new GpioOutputOptions();
        ulong flags = GpioUapi.Output | (options.ActiveLow ? GpioUapi.ActiveLow : 0);
        return new KernelGpioOutput(Request(line, options.Consumer, flags, options.InitialLevel, 0, 0), line, NameOf(line), options);
    }

    public override GpioInput OpenInput(int line, GpioInputOptions? options = null)
    {
        options ??= new GpioInputOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.EdgeBuffer, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.EdgeBuffer, 1024, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Debounce, TimeSpan.Zero, nameof(options));
        // Both edges always: another kind would need the interrupt asked for anew, and be blind meanwhile.
        ulong flags = GpioUapi.Input | GpioUapi.RisingEdge | GpioUapi.FallingEdge | BiasOf(options.Bias) | (options.ActiveLow ? GpioUapi.ActiveLow : 0);
        uint debounce = (uint)Math.Min(uint.MaxValue, options.Debounce.TotalMicroseconds);
        return new KernelGpioInput(Request(line, options.Consumer, flags, false, debounce, options.EdgeBuffer), line, NameOf(line));
    }

    public override void Dispose() => _chip.Dispose();

    private FileDescriptor Request(int line, string consumer, ulong flags, bool level, uint debounce, int eventBuffer)
    {
        ThrowIfNoLine(line);
        int result = GpioUapi.RequestLine(_chip.Number, line, consumer, flags, level, debounce, eventBuffer);
        if (result == -Errno.EBUSY)
        {
            string holder = GetLineInfo(line).Consumer;
            throw new IOException($"{NameOf(line)} is held by {(holder.Length == 0 ? "the kernel" : $"'{holder}'")}; end that program, or choose another line.", Errno.EBUSY);
        }

        if (result < 0)
            throw Errno.ToException(-result, $"take", NameOf(line));
        FileDescriptor descriptor = new(result);
        int set = Syscall.SetNonBlocking(result);
        if (set >= 0)
            return descriptor;
        descriptor.Dispose();
        throw Errno.ToException(-set, "set up", NameOf(line));
    }

    private string NameOf(int line) => $"line {line} of {_path}";

    private static ulong BiasOf(GpioBias bias) => bias switch
    {
        GpioBias.None => GpioUapi.BiasDisabled,
        GpioBias.PullUp => GpioUapi.BiasPullUp,
        GpioBias.PullDown => GpioUapi.BiasPullDown,
        _ => 0,
    };

    private static string LabelOf(string path, string sysfs)
    {
        int opened = Syscall.Open(path, Syscall.OpenReadWrite);
        if (opened >= 0)
        {
            using FileDescriptor chip = new(opened);
            return GpioUapi.GetChipInfo(chip.Number, out _, out string label, out _) < 0 ? "" : label;
        }

        // Without permission: the device tree's compatible string holds the labels of the boards that we know by heart.
        string compatible = Path.Combine(sysfs, "of_node", "compatible");
        string text = File.Exists(compatible) ? File.ReadAllText(compatible) : "";
        return text.Contains("rp1-gpio", StringComparison.Ordinal) ? "pinctrl-rp1"
            : text.Contains("bcm2711-gpio", StringComparison.Ordinal) ? "pinctrl-bcm2711"
            : text.Contains("bcm2835-gpio", StringComparison.Ordinal) ? "pinctrl-bcm2835"
            : "";
    }
}
