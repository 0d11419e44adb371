namespace Conformance.Models;

/// <summary>Which of its items a queue gives next.</summary>
internal enum QueueOrder
{
    OldestFirst,
    NewestFirst,
    LeastFirst,
}
