using Sprig.Scheduling;
using Sprig.Testing;

namespace Sprig.Devices.Tests.Bindings.Chips;

/// <summary>A mechanical rotary encoder of the EC11 kind after Alps's data sheet: two contacts to ground with pull-ups, a quarter
/// of a period apart; at each detent both are open. Clockwise A closes first.</summary>
internal sealed class Encoder
{
    private static readonly (bool A, bool B)[] s_period = [(false, true), (false, false), (true, false), (true, true)];
    private readonly SimulatedBoard _board;
    private readonly int _a, _b;

    internal Encoder(SimulatedBoard board, int a, int b)
    {
        (_board, _a, _b) = (board, a, b);
        board.Drive(a, true);
        board.Drive(b, true);
    }

    /// <summary>Turns by so many detents, counter-clockwise if negative, with 1 ms between two edges.</summary>
    internal async Task TurnAsync(int detents)
    {
        for (int i = 0; i < Math.Abs(detents) * s_period.Length; i++)
        {
            (bool first, bool second) = s_period[i % s_period.Length];
            _board.Drive(_a, detents > 0 ? first : second);
            _board.Drive(_b, detents > 0 ? second : first);
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
        }
    }
}
