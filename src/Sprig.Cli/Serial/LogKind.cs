namespace Sprig.Cli.Serial;

/// <summary>What a monitor's log holds.</summary>
internal enum LogKind
{
    /// <summary>The bytes as they came.</summary>
    Raw,

    /// <summary>The rows as they were shown.</summary>
    View,
}
