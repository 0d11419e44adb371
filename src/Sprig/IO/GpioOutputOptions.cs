namespace Sprig.IO;

/// <summary>How an output line is asked for.</summary>
public sealed record GpioOutputOptions
{
    /// <summary>Its first level, without a glitch in between.</summary>
    public bool InitialLevel { get; init; }

    /// <summary>The level that it is driven to before it is given back, however its owner ends: a pin is never left on by accident.
    /// Null: it stays as it is.</summary>
    public bool? SafeLevel { get; init; } = false;

    /// <summary>High and low are swapped: for an LED between the supply and the pin.</summary>
    public bool ActiveLow { get; init; }

    /// <summary>How it drives.</summary>
    public GpioDrive Drive { get; init; }

    /// <summary>What holds it while it does not drive: the high of an open drain.</summary>
    public GpioBias Bias { get; init; }

    /// <summary>Who holds the line, as others see it.</summary>
    public string Consumer { get; init; } = "sprig";

    internal GpioLineSettings Settings => new()
    {
        Direction = GpioDirection.Output,
        InitialLevel = InitialLevel,
        SafeLevel = SafeLevel,
        ActiveLow = ActiveLow,
        Drive = Drive,
        Bias = Bias,
    };

    // It never has edges: what the kernel keeps by default will do.
    internal GpioRequestOptions Request => new() { Consumer = Consumer, EdgeBuffer = 16 };
}
