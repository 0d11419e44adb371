namespace Sprig.Cli.Serial;

/// <summary>What time a row has.</summary>
internal enum StampKind
{
    /// <summary>None.</summary>
    None,

    /// <summary>Since the monitor began.</summary>
    Start,

    /// <summary>Since the row before.</summary>
    Delta,
}
