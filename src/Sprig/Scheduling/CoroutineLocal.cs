using System.Diagnostics.CodeAnalysis;

namespace Sprig.Scheduling;

/// <summary>A value that each coroutine has for itself: gevent's local, and what <see cref="ThreadLocal{T}"/> is to threads.
/// Children do not inherit it (<see cref="AsyncLocal{T}"/> does that), and it is released when its coroutine ends, though
/// the handle lives.</summary>
/// <remarks>All methods and flows of a coroutine see the same value, those of the symmetric coroutines that it runs too.
/// Usually held in a static field; it may be used by several schedulers, since the values are their coroutines'. Reading and
/// writing a value that is there allocates nothing.</remarks>
/// <example><code>
/// private static readonly CoroutineLocal&lt;int&gt; s_retries = new();
/// ...
/// s_retries.Value++;      // this coroutine's own
/// </code></example>
/// <typeparam name="T">The value's type. One that is disposable is not disposed when its coroutine ends.</typeparam>
public sealed class CoroutineLocal<T>
{
    private readonly Func<T>? _valueFactory;
    private readonly WeakReference _self;

    /// <summary>A local that no coroutine has a value of yet.</summary>
    /// <param name="valueFactory">Makes a coroutine's value when it is first read; without one it begins as the type's
    /// default.</param>
    public CoroutineLocal(Func<T>? valueFactory = null)
    {
        _valueFactory = valueFactory;
        _self = new WeakReference(this);
    }

    /// <summary>The running coroutine's value. As with ThreadLocal, reading it where there is none makes it, by the factory or as
    /// the type's default, and keeps it. What the factory throws is thrown here, and nothing is kept.</summary>
    /// <exception cref="InvalidOperationException">No coroutine is running on this thread, or the running one's body has ended;
    /// or the factory itself used this value.</exception>
    [AllowNull]
    [MaybeNull]
    public T Value
    {
        get
        {
            Coroutine coroutine = CurrentOrThrow();
            return Find(coroutine) is { HasValue: true } slot ? slot.Value : Make(coroutine);
        }

        set
        {
            Coroutine coroutine = CurrentOrThrow();
            (Find(coroutine) ?? Add(coroutine)).Set(value);
        }
    }

    /// <summary>Whether the running coroutine has a value. Asking makes none.</summary>
    /// <exception cref="InvalidOperationException">No coroutine is running on this thread, or the running one's body has
    /// ended.</exception>
    public bool HasValue => Find(CurrentOrThrow()) is { HasValue: true };

    /// <summary>Releases the running coroutine's value, if it has one: the next read makes it anew.</summary>
    /// <exception cref="InvalidOperationException">No coroutine is running on this thread, or the running one's body has
    /// ended.</exception>
    public void Clear() => Find(CurrentOrThrow())?.Clear();

    /// <summary>"CoroutineLocal of Int32", for errors.</summary>
    public override string ToString() => $"CoroutineLocal of {typeof(T).Name}";

    private LocalSlot<T>? Find(Coroutine coroutine)
    {
        for (LocalSlot? slot = coroutine.ExtrasOrNull?.Locals; slot is not null; slot = slot.Next)
        {
            if (slot.Owner == _self)
                return (LocalSlot<T>)slot;
        }

        return null;
    }

    private LocalSlot<T> Add(Coroutine coroutine)
    {
        CoroutineExtras extras = coroutine.Extras;
        LocalSlot<T> slot = new(_self);
        extras.Locals = LocalSlot.Add(extras.Locals, slot);
        return slot;
    }

    private T? Make(Coroutine coroutine)
    {
        LocalSlot<T> slot = Find(coroutine) ?? Add(coroutine);
        if (slot.IsCreating)
            throw Recursive();
        T? value = default;
        if (_valueFactory is not null)
        {
            slot.IsCreating = true;
            try
            {
                value = _valueFactory();
            }
            finally
            {
                slot.IsCreating = false;
            }

            if (slot.HasValue)
                throw Recursive();
        }

        slot.Set(value);
        return value;
    }

    private Coroutine CurrentOrThrow()
        => CoroutineScheduler.CurrentOrNull?.Running is { IsAlive: true } coroutine ? coroutine : throw Outside();

    private InvalidOperationException Outside()
        => new(CoroutineScheduler.CurrentOrNull?.Running is { } ended
            ? $"A {this} has no value in {ended}, which has ended; what goes on after its body must not use it."
            : $"A {this} has values in coroutines only, and none is running on thread {Environment.CurrentManagedThreadId}: "
                + "use it in a coroutine's body; callbacks, posts and other threads are to be handed the value.");

    private InvalidOperationException Recursive()
        => new($"The value factory of a {this} has used the Value that it was to make; let it return the value.");
}
