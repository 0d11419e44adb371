using Sprig.IO;

namespace Sprig.Testing;

/// <summary>The state of one line of a <see cref="SimulatedBoard"/>: who holds it, who drives it, its level.</summary>
internal sealed class SimulatedLine(SimulatedBoard board, int number)
{
    private bool? _outside;

    internal int Number { get; } = number;

    internal string? Holder { get; set; }

    internal bool IsOutput { get; private set; }

    internal bool Level { get; private set; }

    internal SimulatedInput? Input { get; set; }

    /// <summary>The level that it has while nothing drives it.</summary>
    internal GpioBias Bias { get; private set; }

    internal void BeOutput(bool level)
    {
        IsOutput = true;
        Settle(level);
    }

    internal void BeInput(SimulatedInput input, GpioBias bias)
    {
        Input = input;
        IsOutput = false;
        Bias = bias;
        Settle(Resting());
    }

    internal void Release()
    {
        Holder = null;
        Input = null;
        // An output keeps its level when it is given back, as most chips do; one driven from outside falls to that.
        IsOutput = false;
        if (_outside is not null)
            Settle(_outside.Value);
    }

    internal void DriveFromOutside(bool level)
    {
        _outside = level;
        if (!IsOutput)
            Settle(level);
    }

    internal void Settle(bool level)
    {
        if (level == Level)
            return;
        Level = level;
        board.Record(Number, level);
        Input?.OnChanged(level);
    }

    private bool Resting() => _outside ?? Bias switch
    {
        GpioBias.PullUp => true,
        GpioBias.PullDown => false,
        _ => Level,
    };
}
