namespace Sprig.Scheduling;

/// <summary>What one coroutine has of one <see cref="CoroutineLocal{T}"/>. The slots of a coroutine are a list: few have any, and
/// hardly one has more than a handful.</summary>
/// <param name="owner">Whose value it is. Weak: a long-lived coroutine must not keep what nobody else can reach any more.</param>
internal abstract class LocalSlot(WeakReference owner)
{
    internal WeakReference Owner => owner;

    internal LocalSlot? Next { get; private set; }

    /// <summary>Puts a slot in front, and takes out those whose owner is gone.</summary>
    internal static LocalSlot Add(LocalSlot? list, LocalSlot added)
    {
        LocalSlot last = added;
        for (LocalSlot? slot = list; slot is not null; slot = slot.Next)
        {
            if (slot.Owner.IsAlive)
            {
                last.Next = slot;
                last = slot;
            }
        }

        last.Next = null;
        return added;
    }
}

/// <summary>A <see cref="LocalSlot"/> with its value, unboxed.</summary>
internal sealed class LocalSlot<T>(WeakReference owner) : LocalSlot(owner)
{
    internal T? Value { get; private set; }

    internal bool HasValue { get; private set; }

    /// <summary>Its factory runs.</summary>
    internal bool IsCreating { get; set; }

    internal void Set(T? value)
    {
        Value = value;
        HasValue = true;
    }

    internal void Clear()
    {
        Value = default;
        HasValue = false;
    }
}
