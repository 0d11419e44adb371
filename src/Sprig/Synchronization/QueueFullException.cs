namespace Sprig.Synchronization;

/// <summary>There is no room in the queue. The item is still the caller's.</summary>
public sealed class QueueFullException : InvalidOperationException
{
    internal QueueFullException(string message)
        : base(message)
    {
    }
}
