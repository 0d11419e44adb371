namespace Sprig.Synchronization;

/// <summary>The queue was shut down: nothing can be put into it any more, and what was in it has been taken or dropped.</summary>
public sealed class QueueShutdownException : InvalidOperationException
{
    internal QueueShutdownException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
