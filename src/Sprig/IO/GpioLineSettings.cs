namespace Sprig.IO;

/// <summary>How a line is set. What makes no sense for its direction is refused when it is applied.</summary>
public sealed record GpioLineSettings
{
    /// <summary>Which way it goes; an input unless set.</summary>
    public GpioDirection Direction { get; init; } = GpioDirection.Input;

    /// <summary>What holds it while nothing drives it.</summary>
    public GpioBias Bias { get; init; }

    /// <summary>How an output drives.</summary>
    public GpioDrive Drive { get; init; }

    /// <summary>High and low are swapped, for reading, writing, edges, initial and safe level alike.</summary>
    public bool ActiveLow { get; init; }

    /// <summary>Which edges of an input are given to who waits; none unless set. The chip is asked for both kinds or for none, and
    /// the other kind is passed over here: to change the kind never makes it blind.</summary>
    public GpioEdges Edges { get; init; }

    /// <summary>A level counts when it has held so long, to the microsecond; none unless set. Done by the kernel, whose stamps are
    /// then as late.</summary>
    public TimeSpan Debounce { get; init; }

    /// <summary>What stamps its edges.</summary>
    public GpioClock Clock { get; init; }

    /// <summary>The first level of an output, without a glitch in between. A line that is an output already keeps its level.</summary>
    public bool InitialLevel { get; init; }

    /// <summary>The level that an output is driven to when its owner ends; null: it stays as it is. False unless set: a pin is never
    /// left on by accident.</summary>
    public bool? SafeLevel { get; init; } = false;

    /// <summary>As its owner leaves it: an output with a safe level drives that, and is biased towards it unless it has a bias of its own.</summary>
    internal GpioLineSettings AtEnd => this is not { Direction: GpioDirection.Output, SafeLevel: bool level } ? this
        : this with { InitialLevel = level, Bias = Bias != GpioBias.AsIs ? Bias : level ^ ActiveLow ? GpioBias.PullUp : GpioBias.PullDown };

    /// <summary>What such a line is to get when its owner is no more; null where that is nothing.</summary>
    internal SafeLine? ToSafe(GpioChipInfo chip, int line) => this is not { Direction: GpioDirection.Output, SafeLevel: bool level } ? null
        : new SafeLine(chip.Name, chip.Label, line, level ^ ActiveLow, Drive, AtEnd.Bias);

    /// <summary>What the kernel would refuse with a bare EINVAL, and what it would take without doing it.</summary>
    /// <param name="line">The line, named for the message.</param>
    internal void ThrowIfUnfit(string line)
    {
        if (!Enum.IsDefined(Direction) || !Enum.IsDefined(Bias) || !Enum.IsDefined(Drive) || !Enum.IsDefined(Clock) || (Edges & ~GpioEdges.Both) != 0)
            throw Unfit(line, $"{this} has a value that is none of its enum");
        if (Direction != GpioDirection.Output && Drive != GpioDrive.PushPull)
            throw Unfit(line, $"only an output drives, and so has a Drive ({Drive}); its Direction is {Direction}");
        if (Direction != GpioDirection.Input && Edges != GpioEdges.None)
            throw Unfit(line, $"only an input has Edges ({Edges}); its Direction is {Direction}");
        if (Direction != GpioDirection.Input && Debounce != TimeSpan.Zero)
            throw Unfit(line, $"only an input is debounced ({Debounce}); its Direction is {Direction}");
        if (Direction == GpioDirection.AsIs && Bias != GpioBias.AsIs)
            throw Unfit(line, $"a Bias ({Bias}) needs a Direction, Input or Output");
        if (Debounce < TimeSpan.Zero || Debounce.TotalMicroseconds > uint.MaxValue)
            throw Unfit(line, $"Debounce is from 0 to 71 minutes, not {Debounce}");
    }

    private static ArgumentException Unfit(string line, string why) => new($"{line}: {why}.");
}
