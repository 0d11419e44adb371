namespace Sprig.Synchronization;

/// <summary>A subscriber of a <see cref="Broadcast{T}"/> let its buffer fill up, and was cut off as it had asked for.</summary>
public sealed class SubscriberTooSlowException : InvalidOperationException
{
    internal SubscriberTooSlowException(string message)
        : base(message)
    {
    }
}
