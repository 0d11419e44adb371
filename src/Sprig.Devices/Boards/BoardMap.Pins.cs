using System.Globalization;

namespace Sprig.Devices.Boards;

/// <content>Its pins, by name.</content>
public sealed partial class BoardMap
{
    private readonly Dictionary<string, BoardPin> _byName = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The pins of all headers.</summary>
    internal IEnumerable<BoardPin> Pins => Headers.SelectMany(header => header.Pins);

    /// <summary>The pin of a name.</summary>
    /// <param name="name">A line's name as GPIO17, a place as P11 (P8_3, P8_03 and P8.3 are one), or a line's number as 17 on
    /// a board with one chip: P11 is the header's pin 11, 11 is line 11.</param>
    /// <exception cref="ArgumentException">The board has no such pin; the message names near ones.</exception>
    public BoardPin Find(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (_byName.TryGetValue(Normal(name), out BoardPin? pin))
            return pin;
        BoardPin[] sameName = [.. Pins.Where(one => string.Equals(one.Name, name.Trim(), StringComparison.OrdinalIgnoreCase))];
        throw new ArgumentException(sameName.Length > 0
            ? $"{Name} has several pins '{sameName[0].Name}', at {string.Join(", ", sameName.Select(one => one.Place))}: say the place."
            : $"{Name} has no pin '{name}'{Near(name)}. {HowToName()}");
    }

    /// <summary>The chip of a pin's line.</summary>
    /// <exception cref="ArgumentException">The pin has no line.</exception>
    public BoardChip ChipOf(BoardPin pin)
    {
        ArgumentNullException.ThrowIfNull(pin);
        return Chips.FirstOrDefault(chip => chip.Id == pin.Chip)
            ?? throw new ArgumentException($"{pin.Place} of the {Name} is {Describe(pin)}: no line that can be read or driven.");
    }

    /// <summary>What a pin without a line is, in words: 3V3 power.</summary>
    internal static string Describe(BoardPin pin) => pin.Kind switch
    {
        BoardPinKind.Power => $"{pin.Name} power",
        BoardPinKind.Ground => pin.Name == "GND" ? "ground" : $"{pin.Name}, a ground",
        BoardPinKind.Analog => $"{pin.Name}, an analog input",
        BoardPinKind.Control => $"{pin.Name}, a control pin",
        BoardPinKind.Id => $"{pin.Name}, kept for the EEPROM of add-on boards",
        _ => pin.Name,
    };

    private BoardMap Checked(string file)
    {
        foreach (BoardHeader header in Headers)
        {
            foreach (BoardPin pin in header.Pins)
            {
                pin.Place = $"{header.Prefix}{pin.Number}";
                Check((pin.Chip is null) == (pin.Line is null), file, $"{pin} has a chip or a line, but not both");
                Check(pin.Chip is null || Chips.Any(chip => chip.Id == pin.Chip), file, $"{pin} is on the chip '{pin.Chip}', which is not listed");
                Check(_byName.TryAdd(Normal(pin.Place), pin), file, $"there are two pins {pin.Place}");
                Check(pin.Line is null || _byName.TryAdd(Normal(pin.Name), pin), file, $"there are two lines {pin.Name}");
            }
        }

        string? stranger = Buses.SelectMany(bus => bus.Pins).FirstOrDefault(name => !_byName.ContainsKey(Normal(name)));
        Check(stranger is null, file, $"a bus has the pin {stranger}, which no header has");
        HashSet<(string?, int?)> lines = [];
        foreach (BoardPin pin in Pins.Where(pin => pin.Line is not null))
        {
            Check(lines.Add((pin.Chip, pin.Line)), file, $"line {pin.Line} of {pin.Chip} is at two pins");
            // A number is a name only where one chip has all the lines.
            if (Chips.Count == 1)
                _byName.TryAdd($"{pin.Line}", pin);
        }

        return this;
    }

    private static void Check(bool holds, string file, string otherwise)
    {
        if (!holds)
            throw new InvalidDataException($"{file} is no board's file: {otherwise}.");
    }

    /// <summary>P8_03, p8.3 and P8_3 are one name.</summary>
    private static string Normal(string name)
    {
        name = name.Trim().Replace('.', '_');
        int digits = name.Length;
        while (digits > 0 && char.IsAsciiDigit(name[digits - 1]))
            digits--;
        return digits < name.Length && int.TryParse(name.AsSpan(digits), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? $"{name[..digits]}{number}"
            : name;
    }

    private string Near(string name)
    {
        name = Normal(name).ToUpperInvariant();
        string[] near = [.. Pins.SelectMany(pin => pin.Line is null ? [pin.Place] : new[] { pin.Name, pin.Place })
            .Select(candidate => (Name: candidate, Distance: Distance(name, candidate)))
            .Where(one => one.Distance <= 2)
            .OrderBy(one => one.Distance)
            .ThenByDescending(one => one.Name.AsSpan().CommonPrefixLength(name))
            .Take(3)
            .Select(one => one.Name)];
        return near.Length == 0 ? "" : $"; near are {string.Join(", ", near)}";
    }

    private string HowToName()
    {
        BoardPin pin = Pins.First(one => one.Kind == BoardPinKind.Gpio);
        string number = Chips.Count == 1 ? $", or by its line's number, {pin.Line}" : "";
        return $"A pin is told by its name, {pin.Name}, by its place, {pin.Place}{number}.";
    }

    /// <summary>How many letters must be changed, added or left out to make one of the other.</summary>
    private static int Distance(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.Length; j++)
            {
                int cost = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1));
                (diagonal, row[j]) = (row[j], cost);
            }
        }

        return row[^1];
    }
}
