namespace Sprig.Programs;

/// <summary>What the value of a <see cref="Setting"/> is.</summary>
public enum SettingKind
{
    /// <summary>Words.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A number of seconds.</summary>
    Seconds,

    /// <summary>A number of seconds for each of some lines.</summary>
    SecondsByLine,
}
