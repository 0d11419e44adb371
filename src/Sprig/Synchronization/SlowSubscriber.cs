namespace Sprig.Synchronization;

/// <summary>What a <see cref="Broadcast{T}"/> does for a subscriber whose buffer is full.</summary>
public enum SlowSubscriber
{
    /// <summary>The publisher waits for it, and with it all the others.</summary>
    Wait,

    /// <summary>Its oldest item makes room, and is counted as dropped.</summary>
    DropOldest,

    /// <summary>It does not get the new item, which is counted as dropped.</summary>
    DropNewest,

    /// <summary>It is cut off: it gets what it has, and then a <see cref="SubscriberTooSlowException"/>.</summary>
    Disconnect,
}
