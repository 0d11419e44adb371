using System.Globalization;
using Sprig.Devices.Boards;
using Sprig.IO;
using Sprig.Testing;

namespace Sprig.Cli.Gpio;

/// <summary>Where the pins of a command are: on this machine's board, on a chip that was named, or on a simulated board.</summary>
internal sealed class PinSource : IDisposable
{
    /// <summary>The simulated board has this one's header.</summary>
    private const string SimulatedAs = "raspberry-pi-5";
    private readonly Board? _board;
    private readonly GpioChip? _chip;
    private readonly HashSet<(GpioChip Chip, int Line)> _taken = [];

    private PinSource(Board? board, GpioChip? chip)
    {
        _board = board;
        _chip = chip;
    }

    /// <summary>The chip, where it is a simulated board.</summary>
    internal SimulatedBoard? Simulated => _chip as SimulatedBoard;

    /// <param name="chip">sim, a chip's path, name or label; null: this machine's board.</param>
    internal static PinSource Open(string? chip) => chip switch
    {
        null => OpenBoard(),
        "sim" => Simulate(new SimulatedBoard()),
        _ => new PinSource(null, GpioChip.Open(chip)),
    };

    /// <summary>Of a simulated board, with the names of a Raspberry Pi's header.</summary>
    internal static PinSource Simulate(SimulatedBoard chip)
        => new(Board.On(chip, BoardMap.Known.Single(map => map.Id == SimulatedAs)), chip);

    /// <summary>Takes a pin as an input.</summary>
    /// <returns>The input, and the pin's name for output.</returns>
    internal (GpioInput Input, string Name) OpenInput(string pin, GpioInputOptions options)
    {
        (GpioChip chip, int line, string name) = Claim(pin);
        return (_board is null ? chip.OpenInput(line, options) : _board.OpenInput(pin, options), name);
    }

    /// <summary>Takes a pin as an output.</summary>
    /// <returns>The output, and the pin's name for output.</returns>
    internal (GpioOutput Output, string Name) OpenOutput(string pin, GpioOutputOptions options)
    {
        (GpioChip chip, int line, string name) = Claim(pin);
        return (_board is null ? chip.OpenOutput(line, options) : _board.OpenOutput(pin, options), name);
    }

    public void Dispose()
    {
        _board?.Dispose();
        _chip?.Dispose();
    }

    private static PinSource OpenBoard()
    {
        try
        {
            return new PinSource(Board.Open(), null);
        }
        catch (PlatformNotSupportedException)
        {
            throw new ArgumentException(GpioChip.List().Count > 0
                ? "this machine is no board that Sprig knows: name a chip, as --chip gpiochip0 ('sprig gpio info' lists them)"
                : "this machine is no board that Sprig knows, and has no GPIO chip: --chip sim tries it on a simulated one");
        }
    }

    // A pin that is named twice would be held by this very command, and be told to be held by another program.
    private (GpioChip Chip, int Line, string Name) Claim(string pin)
    {
        (GpioChip chip, int line, string name) = Find(pin);
        return _taken.Add((chip, line)) ? (chip, line, name) : throw new ArgumentException($"{name} is there twice; name each pin once.");
    }

    private (GpioChip Chip, int Line, string Name) Find(string pin)
    {
        if (string.IsNullOrWhiteSpace(pin))
            throw new ArgumentException("a pin's name is empty; wanted is GPIO17, P11 or 17");
        if (_board is not null)
        {
            BoardPin found = _board.Find(pin);
            return (_board.ChipOf(found), found.Line!.Value, found.Name);
        }

        int line = int.TryParse(pin, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : FindByName(pin);
        string name = _chip!.GetLineInfo(line).Name;
        return (_chip, line, name.Length > 0 ? name : $"line {line}");
    }

    private int FindByName(string pin)
    {
        try
        {
            return _chip!.FindLine(pin);
        }
        catch (ArgumentException e) when (pin[0] is 'P' or 'p' && int.TryParse(pin.AsSpan(1), out _))
        {
            string why = "Places in a header are known of boards alone, without --chip.";
            throw new ArgumentException($"{UserError.Describe(e)} {why}", e);
        }
    }
}
