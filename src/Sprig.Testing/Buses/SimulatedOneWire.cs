using System.Buffers.Binary;
using System.Globalization;

namespace Sprig.Testing.Buses;

/// <summary>The files that the kernel makes of a 1-Wire bus with DS18B20 thermometers, in a directory of their own.</summary>
/// <remarks>Any thread; who reads a file finds the old content or the new one, never a half. The kernel takes 750 ms to measure while
/// w1_slave is read; here a read takes no time. Dispose removes the directory.</remarks>
/// <example><code>
/// using SimulatedOneWire bus = new();
/// bus.SetTemperature("28-000005e2fdc3", 21.5);
/// OneWireThermometerDevice binding = new(bus.MasterPath, "28-000005e2fdc3");
/// </code></example>
public sealed class SimulatedOneWire : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SortedSet<string> _ids = new(StringComparer.Ordinal);

    /// <summary>A bus master without slaves.</summary>
    public SimulatedOneWire()
    {
        Root = Directory.CreateTempSubdirectory("sprig-w1-").FullName;
        MasterPath = Path.Combine(Root, "w1_bus_master1");
        Directory.CreateDirectory(MasterPath);
        WriteSlaves();
    }

    /// <summary>What is /sys/bus/w1/devices on a board: an entry for the master, and one for each slave.</summary>
    public string Root { get; }

    /// <summary>What is /sys/devices/w1_bus_master1 on a board. Given to a binding of Iot.Device.OneWire as the name of the bus it leads
    /// here, because a rooted path stands for itself.</summary>
    public string MasterPath { get; }

    /// <summary>Sets what a thermometer measures, and plugs it in if it is not yet.</summary>
    /// <param name="id">As the kernel names it: the family, 28 for a DS18B20, and 12 hexadecimal digits: "28-000005e2fdc3".</param>
    /// <param name="celsius">-55 to 125; rounded to the chip's 1/16 degree.</param>
    /// <exception cref="ArgumentException">No such name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Out of the chip's range.</exception>
    public void SetTemperature(string id, double celsius)
    {
        ThrowIfNoId(id);
        if (!(celsius is >= -55 and <= 125))
            throw new ArgumentOutOfRangeException(nameof(celsius), celsius, "A DS18B20 measures from -55 to 125 degrees Celsius.");
        short sixteenths = (short)Math.Round(celsius * 16);
        // The scratchpad of the data sheet's figure 9, in twelve bits of resolution. Its reserved byte as real chips fill it.
        byte[] scratchpad = [0, 0, 0x4B, 0x46, 0x7F, 0xFF, (byte)(0x10 - (sixteenths & 0xF)), 0x10, 0];
        BinaryPrimitives.WriteInt16LittleEndian(scratchpad, sixteenths);
        scratchpad[8] = Crc(scratchpad.AsSpan(0, 8));
        lock (_lock)
        {
            Plug(id);
            WriteSlave(id, scratchpad);
        }
    }

    /// <summary>Lets the next measurements of a thermometer come over the wire with a wrong CRC, until its temperature is set again.</summary>
    /// <exception cref="ArgumentException">It is not plugged in.</exception>
    public void Corrupt(string id)
    {
        lock (_lock)
        {
            if (!_ids.Contains(id))
                throw new ArgumentException($"'{id}' is not plugged in; set its temperature first.", nameof(id));
            WriteSlave(id, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
        }
    }

    /// <summary>Unplugs a thermometer: its files are gone.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Unplug(string id)
    {
        lock (_lock)
        {
            if (!_ids.Remove(id))
                return false;
            File.Delete(Path.Combine(Root, id));
            Directory.Delete(Path.Combine(MasterPath, id), recursive: true);
            WriteSlaves();
            return true;
        }
    }

    /// <summary>Removes the directory.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (Directory.Exists(Root))
                Directory.Delete(Root, recursive: true);
        }
    }

    private void Plug(string id)
    {
        if (!_ids.Add(id))
            return;
        Directory.CreateDirectory(Path.Combine(MasterPath, id));
        Directory.CreateSymbolicLink(Path.Combine(Root, id), Path.Combine(Path.GetFileName(MasterPath), id));
        WriteSlaves();
    }

    private void WriteSlaves()
        => Replace(Path.Combine(MasterPath, "w1_master_slaves"), _ids.Count == 0 ? "not found.\n" : string.Concat(_ids.Select(id => id + "\n")));

    private void WriteSlave(string id, byte[] scratchpad)
    {
        string bytes = string.Concat(scratchpad.Select(one => one.ToString("x2", CultureInfo.InvariantCulture) + " "));
        string verdict = Crc(scratchpad.AsSpan(0, 8)) == scratchpad[8] ? "YES" : "NO";
        int milli = BinaryPrimitives.ReadInt16LittleEndian(scratchpad) * 1000 / 16;
        Replace(
            Path.Combine(MasterPath, id, "w1_slave"),
            string.Create(CultureInfo.InvariantCulture, $"{bytes}: crc={scratchpad[8]:x2} {verdict}\n{bytes}t={milli}\n"));
    }

    private void Replace(string path, string content)
    {
        string draft = Path.Combine(Root, ".draft");
        File.WriteAllText(draft, content);
        File.Move(draft, path, overwrite: true);
    }

    private static void ThrowIfNoId(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (id.Length != 15 || !id.StartsWith("28-", StringComparison.Ordinal) || !id[3..].All(char.IsAsciiHexDigitLower))
            throw new ArgumentException($"'{id}' is no name that the kernel makes for a DS18B20: \"28-000005e2fdc3\" is one.", nameof(id));
    }

    /// <summary>Maxim's CRC-8, x^8 + x^5 + x^4 + 1, least bit first.</summary>
    private static byte Crc(ReadOnlySpan<byte> bytes)
    {
        int crc = 0;
        foreach (byte one in bytes)
        {
            crc ^= one;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x8C : crc >> 1;
        }

        return (byte)crc;
    }
}
