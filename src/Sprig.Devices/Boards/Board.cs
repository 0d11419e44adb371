using Sprig.IO;

namespace Sprig.Devices.Boards;

/// <summary>A board whose pins are opened by name: <c>board.OpenOutput("GPIO17")</c>, <c>board.OpenInput("P13")</c>. It
/// opens the chip of a pin at the first use, and owns it and the lines that were opened through it.</summary>
/// <remarks>Loop thread only. Dispose drives every output that is still open to its safe level.</remarks>
public sealed partial class Board : IDisposable
{
    private readonly Func<BoardChip, GpioChip> _open;
    private readonly string? _systemRoot;
    private readonly bool _ownsChips;
    private readonly Dictionary<string, GpioChip> _chips = [];
    private readonly Dictionary<(string Chip, int Line), IDisposable> _lines = [];
    private bool _disposed;

    /// <summary>For tests: <paramref name="systemRoot"/> is where /dev and /sys are looked into; null: they are not.</summary>
    internal Board(BoardMap map, Func<BoardChip, GpioChip> open, string? systemRoot, bool ownsChips)
    {
        Map = map;
        _open = open;
        _systemRoot = systemRoot;
        _ownsChips = ownsChips;
    }

    /// <summary>What is known of it.</summary>
    public BoardMap Map { get; }

    /// <summary>The board that this machine is. Nothing is held yet: chips and lines are opened by the first pin.</summary>
    /// <exception cref="PlatformNotSupportedException">It is none of the known ones; the message lists them, and says how to
    /// go on.</exception>
    public static Board Open() => Open("/");

    /// <summary>This machine as a board that a file describes (hardware/boards/board.schema.json says how).</summary>
    /// <inheritdoc cref="BoardMap.Load"/>
    public static Board Load(string file)
    {
        BoardMap map = BoardMap.Load(file);
        return new Board(map, chip => OpenKernelChip(map, chip, "/"), "/", ownsChips: true);
    }

    /// <summary>A board whose lines are those of one chip: a simulated one, or one behind an expander. The chip stays the
    /// caller's.</summary>
    /// <exception cref="ArgumentException">The map has several chips.</exception>
    public static Board On(GpioChip chip, BoardMap map)
    {
        ArgumentNullException.ThrowIfNull(chip);
        ArgumentNullException.ThrowIfNull(map);
        return map.Chips.Count == 1
            ? new Board(map, _ => chip, systemRoot: null, ownsChips: false)
            : throw new ArgumentException($"The {map.Name} has {map.Chips.Count} chips ({string.Join(", ", map.Chips.Select(one => one.Id))}), not one.");
    }

    /// <inheritdoc cref="BoardMap.Find"/>
    public BoardPin Find(string name) => Map.Find(name);

    /// <summary>Takes a pin as an output.</summary>
    /// <param name="pin">As <see cref="Find"/> takes it.</param>
    /// <param name="options">As the chip takes them.</param>
    /// <exception cref="ArgumentException">The board has no such pin, or it has no line: it is power, ground.</exception>
    /// <exception cref="IOException">The pin is held by a bus or by a program; the message says by which. Or the chip refuses.</exception>
    public GpioOutput OpenOutput(string pin, GpioOutputOptions? options = null)
    {
        BoardPin found = FindFree(pin);
        return Keep(found, ChipOf(found).OpenOutput(found.Line!.Value, options));
    }

    /// <summary>Takes a pin as an input; its edges are kept from now on.</summary>
    /// <inheritdoc cref="OpenOutput"/>
    public GpioInput OpenInput(string pin, GpioInputOptions? options = null)
    {
        BoardPin found = FindFree(pin);
        return Keep(found, ChipOf(found).OpenInput(found.Line!.Value, options));
    }

    /// <summary>What is known of a pin's line without holding it.</summary>
    /// <inheritdoc cref="OpenOutput"/>
    public GpioLineInfo GetLineInfo(string pin)
    {
        BoardPin found = Find(pin);
        return ChipOf(found).GetLineInfo(found.Line!.Value);
    }

    /// <summary>The bus that has a pin now; null when none has, or nothing tells.</summary>
    /// <inheritdoc cref="OpenOutput"/>
    public BoardBus? BusOf(string pin)
    {
        BoardPin found = Find(pin);
        return _systemRoot is null ? null : Map.Buses.FirstOrDefault(bus => bus.Active is not null && bus.Pins.Contains(found.Name) && Path.Exists(Below(bus.Active)));
    }

    /// <summary>The chip of a pin's line, opened at the first use; the board's, not the caller's.</summary>
    /// <exception cref="ArgumentException">The pin has no line.</exception>
    /// <exception cref="IOException">The chip is not there, or fails.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission; the message says which group.</exception>
    public GpioChip ChipOf(BoardPin pin)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        BoardChip known = Map.ChipOf(pin);
        if (!_chips.TryGetValue(known.Id, out GpioChip? chip))
            _chips[known.Id] = chip = _open(known);
        return chip;
    }

    /// <summary>Gives back the lines that are still open, outputs at their safe level, and the chips.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        IEnumerable<IDisposable> chips = _ownsChips ? _chips.Values : [];
        Actuator.DisposeAll([.. _lines.Values, .. chips]);
    }

    private BoardPin FindFree(string name)
    {
        BoardPin pin = Find(name);
        if (pin.Kind is BoardPinKind.Id)
            throw new ArgumentException($"{pin.Place} of the {Map.Name} is {BoardMap.Describe(pin)}. {GoOn(pin)}");
        if (BusOf(pin.Place) is { } bus)
        {
            throw new IOException($"{pin} of the {Map.Name} is taken by {bus.Name}: {bus.Active} is there. Turn {bus.Name} off, or choose another pin. {GoOn(pin)}");
        }

        return pin;
    }

    private string GoOn(BoardPin pin)
        => $"Who knows better opens line {pin.Line} of the chip '{Map.ChipOf(pin).Label}' by GpioChip.Open.";

    // One entry a line, however often it is opened: a line can't be opened again before it was given back.
    private T Keep<T>(BoardPin pin, T line)
        where T : IDisposable
    {
        _lines[(pin.Chip!, pin.Line!.Value)] = line;
        return line;
    }

    private string Below(string path) => Path.Combine(_systemRoot!, path.TrimStart('/'));
}
