using Sprig.IO;
using Sprig.Scheduling;
using Sprig.Testing;

namespace OnBoard;

internal sealed class SimulatedBench : Bench
{
    private readonly SimulatedBoard _board = new(54);

    internal SimulatedBench() => _board.Reserve(ReservedLine, ReservedBy);

    internal override GpioChip Chip => _board;

    private protected override SchedulerOptions Options { get; } = new() { Clock = new TestClock(), HandleSignals = false };

    internal override void Pull(int line, bool high) => _board.Drive(line, high);

    internal override bool Measure(int line) => _board[line];

    internal override void Unplug() => _board.Remove();

    public override void Dispose() => _board.Dispose();
}
