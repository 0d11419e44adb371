using System.Globalization;
using Sprig.Devices.Boards;
using Sprig.Devices.Buses;

namespace Sprig.Cli.I2c;

/// <summary><c>sprig i2c scan</c>: who answers on a bus, as i2cdetect draws it.</summary>
internal static class I2cScan
{
    private const string Prefix = "/dev/i2c-";
    private const int First = 0x08;
    private const int Last = 0x77;

    /// <summary>Asks every address, and draws the grid: -- nobody, UU a driver of the kernel.</summary>
    internal static async Task RunAsync(TextWriter output, SprigI2cBus bus)
    {
        IReadOnlyList<I2cFinding> found = await bus.ScanAsync();
        output.WriteLine("     " + string.Join("  ", Enumerable.Range(0, 16).Select(column => $"{column:x}")));
        for (int row = 0; row <= Last; row += 16)
            output.WriteLine($"{row:x2}: {string.Join(' ', Enumerable.Range(row, 16).Select(address => Cell(found, address)))}".TrimEnd());
        foreach (I2cFinding one in found.Where(one => one.Driver is not null))
            output.WriteLine($"0x{one.Address:x2} is held by the kernel's driver '{one.Driver}'");
        output.WriteLine($"{found.Count} found");
    }

    /// <summary>The number of the bus that is meant.</summary>
    /// <param name="word">1, /dev/i2c-1; null: the board's own, or the only one.</param>
    /// <param name="present">The buses of this machine.</param>
    /// <param name="board">What this machine is; null where it is no known board.</param>
    /// <exception cref="ArgumentException">It is no bus, or it isn't plain which.</exception>
    internal static int Choose(string? word, IReadOnlyList<string> present, BoardMap? board)
    {
        if (word is not null)
        {
            string number = word.StartsWith(Prefix, StringComparison.Ordinal) ? word[Prefix.Length..] : word;
            return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int given)
                ? given
                : throw new ArgumentException($"'{word}' is no I2C bus: wanted is its number, as 1, or its path, as /dev/i2c-1");
        }

        string? own = board?.Buses.FirstOrDefault(bus => bus is { Kind: "i2c", Device: not null })?.Device;
        return (own, present.Count) switch
        {
            (not null, _) => NumberOf(own),
            (null, 0) => throw new ArgumentException("this machine has no I2C bus (/dev/i2c-*): turn one on, and load the module i2c-dev"),
            (null, 1) => NumberOf(present[0]),
            _ => throw new ArgumentException($"there are several I2C buses: say which of {string.Join(", ", present)}"),
        };
    }

    /// <summary>The buses in /dev.</summary>
    internal static IReadOnlyList<string> Present()
        => [.. Directory.EnumerateFiles("/dev", "i2c-*").Where(path => IsNumber(path[Prefix.Length..])).OrderBy(NumberOf)];

    private static bool IsNumber(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static int NumberOf(string path) => int.Parse(path.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Cell(IReadOnlyList<I2cFinding> found, int address)
    {
        if (address is < First or > Last)
            return "  ";
        foreach (I2cFinding one in found)
        {
            if (one.Address == address)
                return one.Driver is null ? $"{address:x2}" : "UU";
        }

        return "--";
    }
}
