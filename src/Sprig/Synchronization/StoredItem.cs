namespace Sprig.Synchronization;

/// <summary>What stands in a queue.</summary>
/// <param name="Entry">The item, with its priority where it has one.</param>
/// <param name="Order">Counted up as items are put: their place among equals, and what tells each from all others.</param>
/// <param name="Putter">The place of the waiting put that was granted room for it; null where none waited. Once that coroutine
/// has gone on, the place serves others.</param>
internal readonly record struct StoredItem<TEntry>(TEntry Entry, long Order, Handover<bool>? Putter);
