using Sprig.IO;

namespace Sprig.Devices;

/// <summary>How a rotary encoder is wired, and how its turns are counted.</summary>
public sealed record RotaryEncoderOptions
{
    /// <summary>The contacts connect to ground, and the chip's resistors pull up; otherwise to the supply, and they pull down.</summary>
    public bool PullUp { get; init; } = true;

    /// <summary>How many changes of the two contacts make a step: 4 for a knob with a click at each full cycle (the usual one, and the
    /// default), 2 for one with two clicks a cycle, 1 for the finest count.</summary>
    public int ChangesPerStep { get; init; } = 4;

    /// <summary>The least position; none unless set.</summary>
    public long? Minimum { get; init; }

    /// <summary>The greatest position; none unless set.</summary>
    public long? Maximum { get; init; }

    /// <summary>Whether a step beyond one end leads to the other. Otherwise the position stays at the end.</summary>
    public bool Wrap { get; init; }

    /// <summary>No debouncing: a contact that bounces goes there and back, and that adds up to nothing.</summary>
    internal GpioLineSettings Settings => new()
    {
        Bias = PullUp ? GpioBias.PullUp : GpioBias.PullDown,
        ActiveLow = PullUp,
        Edges = GpioEdges.Both,
    };

    internal RotaryEncoderOptions Checked()
    {
        if (ChangesPerStep is not (1 or 2 or 4))
            throw new ArgumentException($"{nameof(ChangesPerStep)} is 1, 2 or 4, not {ChangesPerStep}.");
        if (Minimum >= Maximum)
            throw new ArgumentException($"{nameof(Minimum)} {Minimum} is to be below {nameof(Maximum)} {Maximum}.");
        if (Wrap && (Minimum is null || Maximum is null))
            throw new ArgumentException($"{nameof(Wrap)} needs both ends, {nameof(Minimum)} and {nameof(Maximum)}.");
        return this;
    }
}
