namespace Sprig.Scheduling;

/// <summary>Grants something to the first of those that wait: a lock, a permit, an item.</summary>
internal interface IGrantor
{
    /// <summary>One that was granted something was killed, or its time was over, before it ran: what it was granted is to be
    /// passed on, or kept.</summary>
    void TakeBack(Completion wait);

    /// <summary>One that was granted nothing yet has left the line: killed, or out of time. Those behind it may have waited for it.</summary>
    void OnWaiterLeft()
    {
    }
}
