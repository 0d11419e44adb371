namespace Sprig.IO;

/// <summary>How an output line is asked for.</summary>
public sealed record GpioOutputOptions
{
    /// <summary>Its first level, without a glitch in between.</summary>
    public bool InitialLevel { get; init; }

    /// <summary>The level that it is driven to before it is given back: a pin is never left on by accident.</summary>
    public bool SafeLevel { get; init; }

    /// <summary>High and low are swapped: for an LED between the supply and the pin.</summary>
    public bool ActiveLow { get; init; }

    /// <summary>Who holds the line, as others see it.</summary>
    public string Consumer { get; init; } = "sprig";
}
