namespace Sprig.Synchronization;

/// <summary>An <see cref="AsyncBarrier"/> was aborted: those who wait at it, and those who come, get this until it is reset.</summary>
public sealed class BarrierBrokenException : InvalidOperationException
{
    internal BarrierBrokenException(string message)
        : base(message)
    {
    }
}
