using Sprig.Scheduling;
using Sprig.Testing;

namespace Sprig.Devices.Tests;

/// <summary>An HC-SR04 on two lines of a board: a pulse on the trigger, and 0.45 ms later the echo line is high for as long as is said.</summary>
internal sealed class SimulatedHcsr04
{
    private readonly SimulatedBoard _board;
    private readonly int _echo;

    internal SimulatedHcsr04(SimulatedBoard board, int trigger, int echo)
    {
        (_board, _echo) = (board, echo);
        board.Drive(echo, false);
        board.Changed += change =>
        {
            if (change.Line == trigger && !change.Level && IsAlive)
                Answer();
        };
    }

    /// <summary>How long the echo line is high.</summary>
    internal TimeSpan Width { get; set; }

    /// <summary>Whether it answers.</summary>
    internal bool IsAlive { get; set; } = true;

    internal int Pulses { get; private set; }

    private void Answer()
    {
        Pulses++;
        TimeSpan width = Width;
        _ = Coroutine.Spawn(async () =>
        {
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(0.45));
            _board.Drive(_echo, true);
            await Coroutine.Sleep(width);
            _board.Drive(_echo, false);
        }, new SpawnOptions { Daemon = DaemonRule.UntilWorkEnds });
    }
}
