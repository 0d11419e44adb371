using System.Globalization;
using UnitsNet;

namespace Sprig.Devices.Buses;

/// <summary>A thermometer on a 1-Wire bus (DS18B20 and its like), read through the kernel's w1_slave. Measuring takes 750 ms, in
/// the lane of its bus master.</summary>
/// <remarks>Any thread, but coroutines alone can wait. It holds nothing open between two readings.</remarks>
public sealed class OneWireThermometer : IDisposable
{
    private const string Devices = "/sys/bus/w1/devices";
    private const int Attempts = 3;

    /// <summary>In thousandths of a degree, as the kernel tells it.</summary>
    private const int PowerOnValue = 85_000;

    /// <summary>DS18S20, DS1822, DS18B20, DS1825, DS28EA00.</summary>
    private static readonly string[] s_families = ["10-", "22-", "28-", "3b-", "42-"];
    private readonly string _file;
    private bool _isDisposed;

    /// <summary>A thermometer by its number.</summary>
    /// <param name="id">As "28-0316a2795aff"; <see cref="List"/> gives those that are there.</param>
    /// <param name="root">Where the kernel lists its 1-Wire devices; another folder in tests.</param>
    /// <exception cref="FileNotFoundException">It is not there; the message lists those that are, or says how 1-Wire is turned
    /// on.</exception>
    public OneWireThermometer(string id, string root = Devices)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        Id = id;
        DirectoryInfo folder = new(Path.Combine(root, id));
        if (!folder.Exists)
            throw new FileNotFoundException($"There is no 1-Wire device {id} in {root}; {DeviceFiles.List(List(root))}.");

        _file = Path.Combine(folder.FullName, "w1_slave");
        // The entry is a link into the folder of the bus master.
        DirectoryInfo device = (DirectoryInfo?)folder.ResolveLinkTarget(true) ?? folder;
        Lane = Lane.Share(device.Parent!.FullName);
    }

    /// <summary>Its number on the bus.</summary>
    public string Id { get; }

    /// <summary>The lane of its bus master, for other code that uses the bus, as the bindings'
    /// OneWireThermometerDevice.</summary>
    public Lane Lane { get; }

    /// <summary>The numbers of the thermometers that are there.</summary>
    /// <param name="root">Where the kernel lists its 1-Wire devices.</param>
    /// <exception cref="FileNotFoundException">The machine has no 1-Wire; the message says how it is turned on.</exception>
    public static IReadOnlyList<string> List(string root = Devices)
    {
        if (!Directory.Exists(root))
        {
            throw new FileNotFoundException($"There is no {root}: 1-Wire is off. To turn it on: 'sudo raspi-config', Interface Options, 1-Wire; "
                + "or dtoverlay=w1-gpio in config.txt.");
        }

        return [.. Directory.GetFileSystemEntries(root).Select(entry => Path.GetFileName(entry))
            .Where(name => s_families.Any(family => name.StartsWith(family, StringComparison.OrdinalIgnoreCase)))
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>Measures. A wrong checksum and the power-on value are tried again, three times in all, each in a turn of its
    /// own.</summary>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="IOException">The checksum was wrong each time, the wire is shorted, or the thermometer is gone; the
    /// message names it.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    /// <exception cref="InvalidOperationException">No coroutine is running on this thread.</exception>
    public async Task<OneWireReading> ReadAsync(CancellationToken cancellationToken = default)
    {
        for (int attempt = 1; ; attempt++)
        {
            if (_isDisposed)
                throw new ObjectDisposedException(ToString());
            (int? value, string? why, IOException? cause) = await Lane.RunAsync(Measure, cancellationToken);
            if (value is { } milli && (milli != PowerOnValue || attempt == Attempts))
                return new OneWireReading(Temperature.FromDegreesCelsius(milli / 1000.0), milli == PowerOnValue);
            if (value is null && (attempt == Attempts || !File.Exists(_file)))
                throw new IOException($"{this}: {why}.", cause);
        }
    }

    /// <summary>"1-Wire thermometer 28-0316a2795aff".</summary>
    public override string ToString() => $"1-Wire thermometer {Id}";

    /// <summary>Ends the lane, unless others share it.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        Lane.Dispose();
    }

    /// <summary>In the lane: thousandths of a degree, or why there are none.</summary>
    private (int? Value, string? Why, IOException? Cause) Measure()
    {
        string text;
        try
        {
            text = File.ReadAllText(_file);
        }
        catch (IOException e)
        {
            return (null, File.Exists(_file) ? "it does not answer" : "it is gone: unplugged?", e);
        }

        // 7f 01 4b 46 7f ff 01 10 33 : crc=33 YES
        // 7f 01 4b 46 7f ff 01 10 33 t=23937
        string[] lines = text.Split('\n');
        if (lines.Length < 2 || !lines[0].TrimEnd().EndsWith(" YES", StringComparison.Ordinal))
            return (null, "its checksum is wrong. Is the pull-up (4.7 kOhm) there, and the wire not too long?", null);
        // The checksum of nothing but zeros is right.
        if (lines[0].StartsWith("00 00 00 00 00 00 00 00 00", StringComparison.Ordinal))
            return (null, "it says nothing but zeros: the data wire is shorted to ground", null);
        int at = lines[1].LastIndexOf("t=", StringComparison.Ordinal);
        return at >= 0 && int.TryParse(lines[1].AsSpan(at + 2).TrimEnd(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            ? (value, null, null)
            : (null, $"the kernel tells no temperature but '{lines[1].Trim()}'", null);
    }
}
