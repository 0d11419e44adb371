using System.Globalization;

namespace Sprig.Devices.Buses;

/// <summary>A channel of an analog-to-digital converter that the kernel drives (its industrial IO): ADS1115 or MCP3008 by an
/// overlay, or the one in the processor. Measured in the lane of the converter.</summary>
/// <remarks>Any thread, but coroutines alone can wait. It holds nothing open between two measurements.</remarks>
public sealed class IioAnalogInput : AnalogInput
{
    private const string Devices = "/sys/bus/iio/devices";
    private readonly Lane _lane;
    private readonly string _folder;
    private readonly int _channel;
    private readonly string _name;
    private bool _isDisposed;

    /// <summary>A channel.</summary>
    /// <param name="device">The converter by its place or by its name: "iio:device0", or "ads1015".</param>
    /// <param name="channel">From 0.</param>
    /// <param name="root">Where the kernel lists its converters; another folder in tests.</param>
    /// <exception cref="FileNotFoundException">There is no such converter or no such channel; the message lists those that there
    /// are.</exception>
    public IioAnalogInput(string device, int channel, string root = Devices)
    {
        ArgumentException.ThrowIfNullOrEmpty(device);
        ArgumentOutOfRangeException.ThrowIfNegative(channel);
        string[] folders = Directory.Exists(root) ? Directory.GetDirectories(root, "iio:device*") : [];
        _folder = Array.Find(folders, folder => Path.GetFileName(folder) == device || NameOf(folder) == device)
            ?? throw new FileNotFoundException($"There is no converter '{device}' in {root}; {DeviceFiles.List(folders.Select(Title))}. "
                + "To turn one on: an overlay in config.txt, as dtoverlay=ads1115 or dtoverlay=mcp3008.");
        _channel = channel;
        _name = $"channel {channel} of {Title(_folder)}";
        if (!File.Exists(FileOf("raw")))
        {
            IEnumerable<string> channels = Directory.GetFiles(_folder, "in_voltage*_raw").Select(file => Path.GetFileName(file));
            throw new FileNotFoundException($"There is no {_name}; {DeviceFiles.List(channels)}.");
        }

        _lane = Lane.Share(_folder);
    }

    /// <summary>Measures once: the converter's number as it is.</summary>
    /// <inheritdoc cref="AnalogInput.ReadAsync"/>
    public Task<int> ReadRawAsync(CancellationToken cancellationToken = default)
        => RunAsync(() => (int)Read(FileOf("raw")), cancellationToken);

    /// <summary>Measures once, in volts: by the converter's scale and offset.</summary>
    /// <inheritdoc/>
    public override Task<double> ReadAsync(CancellationToken cancellationToken = default) => RunAsync(
        () =>
        {
            double offset = Shared("offset") is { } file ? Read(file) : 0;
            string scale = Shared("scale")
                ?? throw new IOException($"{this} has no scale: it measures in its own unit; use {nameof(ReadRawAsync)}.");
            return (Read(FileOf("raw")) + offset) * Read(scale) / 1000;
        },
        cancellationToken);

    /// <summary>"channel 0 of iio:device0 (ads1015)".</summary>
    public override string ToString() => _name;

    /// <summary>Ends the lane, unless others share it.</summary>
    public override void Dispose()
    {
        _isDisposed = true;
        _lane.Dispose();
    }

    private Task<T> RunAsync<T>(Func<T> read, CancellationToken cancellationToken)
        => _isDisposed ? throw new ObjectDisposedException(_name) : _lane.RunAsync(read, cancellationToken);

    private string FileOf(string what) => Path.Combine(_folder, $"in_voltage{_channel}_{what}");

    /// <summary>The channel's own value, or the one that all its channels share.</summary>
    private string? Shared(string what)
        => new[] { FileOf(what), Path.Combine(_folder, $"in_voltage_{what}") }.FirstOrDefault(File.Exists);

    private double Read(string file)
    {
        string text;
        try
        {
            text = File.ReadAllText(file).Trim();
        }
        catch (IOException e)
        {
            string why = File.Exists(file) ? $"does not answer: {e.Message}" : "is gone: unplugged, or its driver unloaded.";
            throw new IOException($"{this} {why}", e);
        }

        return double.TryParse(text, CultureInfo.InvariantCulture, out double value)
            ? value
            : throw new IOException($"{this}: {file} holds no number but '{text}'.");
    }

    private static string Title(string folder) => $"{Path.GetFileName(folder)} ({NameOf(folder)})";

    private static string NameOf(string folder)
    {
        string file = Path.Combine(folder, "name");
        return File.Exists(file) ? File.ReadAllText(file).Trim() : "";
    }
}
