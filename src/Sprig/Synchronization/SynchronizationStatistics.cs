using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <summary>How much a primitive is fought over. A snapshot.</summary>
/// <param name="Owner">The coroutine that holds it; null where nobody does, several do, or holding means nothing.</param>
/// <param name="Waiters">How many wait for it now.</param>
/// <param name="Contentions">How often somebody had to wait for it, since it was made.</param>
public readonly record struct SynchronizationStatistics(Coroutine? Owner, int Waiters, long Contentions);
