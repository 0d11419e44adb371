namespace Sprig.IO;

/// <summary>How an input line is asked for.</summary>
public sealed record GpioInputOptions
{
    /// <summary>What holds it while nothing drives it.</summary>
    public GpioBias Bias { get; init; }

    /// <summary>High and low are swapped: for a button to ground that is "on" when pressed.</summary>
    public bool ActiveLow { get; init; }

    /// <summary>Which edges are given to who waits; both unless set. None: the line has no interrupt, and is only read.</summary>
    public GpioEdges Edges { get; init; } = GpioEdges.Both;

    /// <summary>A level counts when it has held so long; none unless set. Done by the kernel, whose stamps are then as late.</summary>
    public TimeSpan Debounce { get; init; }

    /// <summary>What stamps its edges.</summary>
    public GpioClock Clock { get; init; }

    /// <summary>How many edges are kept for a slow reader, 1 to 1024; of more the oldest are lost, and counted.</summary>
    public int EdgeBuffer { get; init; } = 256;

    /// <summary>Who holds the line, as others see it.</summary>
    public string Consumer { get; init; } = "sprig";

    internal GpioLineSettings Settings => new()
    {
        Bias = Bias,
        ActiveLow = ActiveLow,
        Edges = Edges,
        Debounce = Debounce,
        Clock = Clock,
    };

    internal GpioRequestOptions Request => new() { Consumer = Consumer, EdgeBuffer = EdgeBuffer };
}
