namespace Sprig.IO;

/// <summary>A stream whose device may go and come back: what was read before and after belongs to two conversations. One read
/// never gives bytes of both.</summary>
internal interface IReconnecting
{
    /// <summary>How often it came back. Readers of lines and frames that find another number after a read drop the beginning that
    /// they had, and count it.</summary>
    long ReopenCount { get; }
}
