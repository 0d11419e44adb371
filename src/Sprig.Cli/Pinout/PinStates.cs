using Sprig.Devices.Boards;
using Sprig.IO;

namespace Sprig.Cli.Pinout;

/// <summary>Who holds a board's pins, and their levels, without disturbing any.</summary>
internal static class PinStates
{
    private static readonly GpioLineSettings s_untouched = new() { Direction = GpioDirection.AsIs };
    private static readonly GpioRequestOptions s_request = new() { Consumer = "sprig pinout" };

    /// <summary>The state of each pin that has a line, by its place.</summary>
    /// <param name="board">The machine's, or a simulated one.</param>
    /// <param name="levels">Whether levels are read: each line that is a free input is taken for a moment, as it is.</param>
    internal static Dictionary<string, PinState> Of(Board board, bool levels)
    {
        Dictionary<string, PinState> states = [];
        foreach (BoardPin pin in board.Map.Headers.SelectMany(header => header.Pins).Where(pin => pin.Line is not null))
        {
            GpioLineInfo info = board.GetLineInfo(pin.Place);
            string holder = info.Consumer.Length > 0 ? info.Consumer : board.BusOf(pin.Place)?.Name ?? (info.IsUsed ? "the kernel" : "");
            // Giving a line back makes an input of it on some chips: one that is left driving is not to be touched.
            bool free = holder.Length == 0 && !info.IsOutput && pin.Kind == BoardPinKind.Gpio;
            states[pin.Place] = new PinState(holder, levels && free ? LevelOf(board.ChipOf(pin), pin.Line!.Value) : "");
        }

        return states;
    }

    private static string LevelOf(GpioChip chip, int line)
    {
        using GpioLineGroup group = chip.OpenLines([line], s_untouched, s_request);
        return group.Read(line) ? "1" : "0";
    }
}
