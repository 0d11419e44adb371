namespace Sprig.Synchronization;

/// <summary>There is nothing in the queue.</summary>
public sealed class QueueEmptyException : InvalidOperationException
{
    internal QueueEmptyException(string message)
        : base(message)
    {
    }
}
