using Sprig.Linux;

namespace Sprig.IO;

/// <summary>A chip of the kernel, through its character device.</summary>
internal sealed partial class KernelGpioChip : GpioChip
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

    internal override GpioChipInfo Kernel => new(_path, Name, Label, LineCount);

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

    public override GpioLineInfo GetLineInfo(int line)
    {
        ThrowIfNoLine(line);
        ObjectDisposedException.ThrowIf(_chip.IsClosed, this);
        int result = GpioUapi.GetLineInfo(_chip.Number, line, out GpioUapi.LineInfo info);
        return result >= 0 ? KernelSettings.ToInfo(info) : throw Errno.ToException(-result, $"ask for line {line} of", _path);
    }

    public override string ToString() => _path;

    public override void Dispose() => _chip.Dispose();

    protected override GpioLineRequest OpenRequest(IReadOnlyList<int> lines, IReadOnlyList<GpioLineSettings> settings, GpioRequestOptions options)
    {
        ObjectDisposedException.ThrowIf(_chip.IsClosed, this);
        string name = $"line {string.Join(", ", lines)} of {_path}";
        ulong levels = 0;
        for (int i = 0; i < settings.Count; i++)
            levels |= settings[i].InitialLevel ? 1UL << i : 0;
        Span<byte> request = stackalloc byte[GpioUapi.RequestSize];
        // The kernel keeps a power of two, and refuses 1.
        int buffer = Math.Max(options.EdgeBuffer, 2);
        LineErrors.ThrowIfTooMany(GpioUapi.FillRequest(request, [.. lines], options.Consumer, KernelSettings.ToConfigs(settings), levels, buffer), name);
        int result = GpioUapi.RequestLines(_chip.Number, request);
        if (result == -Errno.EBUSY)
            throw Busy(lines);
        if (result < 0)
            throw Refused(-result, "take", name, settings);
        FileDescriptor descriptor = new(result);
        try
        {
            int set = Syscall.SetNonBlocking(result);
            return set >= 0 ? new KernelLineRequest(descriptor, lines, settings, Kernel) : throw Errno.ToException(-set, "set up", name);
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    protected override IAsyncEnumerable<GpioLineChange> OpenWatch(IReadOnlyList<int> lines) => new KernelLineWatch(_path, lines);
}
