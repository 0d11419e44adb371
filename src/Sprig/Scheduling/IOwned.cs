namespace Sprig.Scheduling;

/// <summary>What coroutines hold, and others wait for until they let go of it. Its ToString stands in reports.</summary>
internal interface IOwned
{
    /// <summary>Who holds it.</summary>
    Hold? FirstHold { get; }

    /// <summary>Whether one that waits here will wait until a holder lets go: then it waits for the holders.</summary>
    bool HoldsUp(Completion wait) => true;

    /// <summary>Its holder has ended without letting go: nobody ever will.</summary>
    void Abandon(Hold hold, AbandonedLockException error);
}
