namespace Sprig.IO;

/// <summary>How an output drives its line.</summary>
public enum GpioDrive
{
    /// <summary>High and low.</summary>
    PushPull,

    /// <summary>Low only; high is left to a resistor, so that several may share the line (wired AND).</summary>
    OpenDrain,

    /// <summary>High only; low is left to a resistor (wired OR).</summary>
    OpenSource,
}
