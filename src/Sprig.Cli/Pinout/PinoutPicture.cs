using Spectre.Console;
using Sprig.Devices.Boards;

namespace Sprig.Cli.Pinout;

/// <summary>A board's headers as they lie before you: two rows of pins, what each is, who holds it, its level.</summary>
internal sealed class PinoutPicture(BoardMap map, IReadOnlyDictionary<string, PinState> states, int width)
{
    private const int NumberWidth = 3;

    /// <summary>What is not functions: the numbers, and a space between columns.</summary>
    private readonly int _holder = states.Values.Select(state => state.Holder.Length).DefaultIfEmpty(0).Max();
    private readonly int _level = states.Values.Any(state => state.Level.Length > 0) ? 1 : 0;
    private readonly int _name = map.Headers.SelectMany(header => header.Pins).Max(pin => pin.Name.Length);

    /// <summary>The picture's lines, in Spectre's markup.</summary>
    internal IEnumerable<string> Lines()
    {
        yield return $"[bold]{Markup.Escape(map.Name)}[/]";
        foreach (BoardHeader header in map.Headers)
        {
            yield return "";
            yield return $"{Markup.Escape(header.Name)}: pin 1 of it is {Markup.Escape(header.Prefix)}1";
            int room = Math.Max(0, (width - 2 * Fixed) / 2);
            int longest = header.Pins.Max(pin => Functions(pin).Length);
            int functions = Math.Min(room, longest);
            for (int i = 0; i + 1 < header.Pins.Count; i += 2)
                yield return Row(header.Pins[i], header.Pins[i + 1], functions);
        }
    }

    /// <summary>The lines without colours, for a pipe.</summary>
    internal IEnumerable<string> PlainLines() => Lines().Select(line => Markup.Remove(line).TrimEnd());

    private int Fixed => _name + NumberWidth + (_holder > 0 ? _holder + 2 : 0) + (_level > 0 ? _level + 1 : 0) + 3;

    private string Row(BoardPin left, BoardPin right, int functions)
    {
        List<string> cells = [Cell(left, Functions(left), functions, true, "grey")];
        AddState(cells, left, true);
        cells.Add(Cell(left, left.Name, _name, true, Colour(left)));
        cells.Add($"[black on {Colour(left)}]{left.Number,NumberWidth}[/]|[black on {Colour(right)}]{right.Number,-NumberWidth}[/]");
        cells.Add(Cell(right, right.Name, _name, false, Colour(right)));
        AddState(cells, right, false);
        cells.Add(Cell(right, Functions(right), functions, false, "grey"));
        return string.Join(' ', cells);
    }

    private void AddState(List<string> cells, BoardPin pin, bool left)
    {
        states.TryGetValue(pin.Place, out PinState state);
        List<string> added = [];
        if (_holder > 0)
            added.Add(Cell(pin, state.Holder ?? "", _holder, left, "red"));
        if (_level > 0)
            added.Add(Cell(pin, state.Level ?? "", _level, left, state.Level == "1" ? "green" : "grey"));
        if (!left)
            added.Reverse();
        cells.AddRange(added);
    }

    private static string Cell(BoardPin pin, string text, int length, bool left, string colour)
    {
        string cut = text.Length > length ? Shortened(pin, length) : text;
        string padded = left ? cut.PadLeft(length) : cut.PadRight(length);
        return length == 0 ? "" : $"[{colour}]{Markup.Escape(padded)}[/]";
    }

    /// <summary>As many functions as there is room for, none of them cut.</summary>
    private static string Shortened(BoardPin pin, int length)
    {
        string text = "";
        foreach (string function in pin.Functions)
        {
            string longer = text.Length == 0 ? function : $"{text}, {function}";
            if (longer.Length > length)
                break;
            text = longer;
        }

        return text;
    }

    private static string Functions(BoardPin pin) => string.Join(", ", pin.Functions);

    private static string Colour(BoardPin pin) => pin.Kind switch
    {
        BoardPinKind.Power => pin.Name.Contains('5', StringComparison.Ordinal) ? "red" : "darkorange",
        BoardPinKind.Ground => "grey",
        BoardPinKind.Gpio => "green",
        BoardPinKind.Id => "yellow",
        BoardPinKind.Analog => "blue",
        _ => "purple",
    };
}
