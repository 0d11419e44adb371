namespace Sprig.Supervision;

/// <summary>Work in a <see cref="ProcessPool"/> has given no result: see the kinds.</summary>
public abstract class ProcessPoolException : Exception
{
    private protected ProcessPoolException(string entry, string message, Exception? inner = null)
        : base(message, inner) => Entry = entry;

    /// <summary>The name of the entry whose work it was.</summary>
    public string Entry { get; }
}
