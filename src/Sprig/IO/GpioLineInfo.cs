namespace Sprig.IO;

/// <summary>What is known of a line without holding it.</summary>
/// <param name="Line">Its offset in the chip.</param>
/// <param name="Name">Its name, as GPIO17; empty where the board gives none.</param>
/// <param name="Consumer">Who holds it; empty when nobody does.</param>
/// <param name="IsUsed">Whether it is held, or reserved for another function.</param>
/// <param name="IsOutput">Whether it drives.</param>
public readonly record struct GpioLineInfo(int Line, string Name, string Consumer, bool IsUsed, bool IsOutput)
{
    /// <summary>Whether the kernel keeps it for itself: for a bus, a hog, another function of the pin.</summary>
    public bool IsReserved => IsUsed && Consumer.Length == 0;

    /// <summary>Whether high and low are swapped.</summary>
    public bool ActiveLow { get; init; }

    /// <summary>What holds it while nothing drives it, as far as the kernel was told.</summary>
    public GpioBias Bias { get; init; }

    /// <summary>How it drives.</summary>
    public GpioDrive Drive { get; init; }

    /// <summary>Which edges interrupt.</summary>
    public GpioEdges Edges { get; init; }

    /// <summary>How long a level has to hold.</summary>
    public TimeSpan Debounce { get; init; }

    /// <summary>What stamps its edges.</summary>
    public GpioClock Clock { get; init; }
}
