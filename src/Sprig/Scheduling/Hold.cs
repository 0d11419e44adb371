namespace Sprig.Scheduling;

/// <summary>That one coroutine holds one lock: a link in the lists of both.</summary>
internal sealed class Hold(IOwned owned)
{
    internal IOwned Owned => owned;

    internal Coroutine? Owner { get; set; }

    /// <summary>How many releases it takes.</summary>
    internal int Count { get; set; }

    /// <summary>The next of the same coroutine.</summary>
    internal Hold? NextOfOwner { get; set; }

    /// <summary>The next of the same lock, where several may hold it.</summary>
    internal Hold? NextOfLock { get; set; }
}
