namespace Sprig.Cli.Serial;

/// <summary>How a monitor shows what it receives.</summary>
internal enum ViewKind
{
    /// <summary>Lines.</summary>
    Text,

    /// <summary>Rows of sixteen bytes.</summary>
    Hex,

    /// <summary>Each line, and its bytes below it.</summary>
    Both,
}
