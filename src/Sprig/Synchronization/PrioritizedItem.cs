namespace Sprig.Synchronization;

/// <summary>How an item stands in an <see cref="AsyncPriorityQueue{T, TPriority}"/>.</summary>
/// <param name="Item">The item.</param>
/// <param name="Priority">The least is taken first.</param>
public readonly record struct PrioritizedItem<T, TPriority>(T Item, TPriority Priority);
