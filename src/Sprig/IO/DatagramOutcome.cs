namespace Sprig.IO;

/// <summary>What became of a datagram that was not to wait.</summary>
public enum DatagramOutcome
{
    /// <summary>The receiver has it in its queue.</summary>
    Sent,

    /// <summary>The receiver's queue is full: later, perhaps.</summary>
    Full,

    /// <summary>The kernel had no memory, or no descriptor, for it: later, perhaps.</summary>
    NoMemory,

    /// <summary>It is longer than a datagram may be.</summary>
    TooLong,

    /// <summary>Nobody is there, or this process may not speak to it.</summary>
    Unreachable,
}
