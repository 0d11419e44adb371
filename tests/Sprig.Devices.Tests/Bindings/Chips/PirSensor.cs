using Sprig.Scheduling;
using Sprig.Testing;

namespace Sprig.Devices.Tests.Bindings.Chips;

/// <summary>An HC-SR501 after its data sheet, jumper at H (repeatable trigger): its output is high from the first motion until
/// the hold time has passed since the last.</summary>
internal sealed class PirSensor(SimulatedBoard board, int line, TimeSpan hold)
{
    private int _motions;

    /// <summary>Somebody moves. Loop thread.</summary>
    internal void Move()
    {
        int motion = ++_motions;
        board.Drive(line, true);
        _ = Coroutine.SpawnAfter(hold, () =>
        {
            if (motion == _motions)
                board.Drive(line, false);
            return Task.CompletedTask;
        });
    }
}
