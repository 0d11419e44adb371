using System.Runtime.ExceptionServices;

namespace Sprig.Scheduling;

/// <summary>Where a suspended flow gets what it is resumed with: a value, or an error to throw. Each flow keeps one for each type
/// that it has waited for, so that switching allocates nothing and boxes nothing.</summary>
/// <param name="owner">Who waits here.</param>
internal abstract class SwitchLanding(SymmetricCoroutine owner)
{
    private Exception? _error;

    internal SymmetricCoroutine Owner => owner;

    /// <summary>The owner's next one, for another type.</summary>
    internal SwitchLanding? Next { get; init; }

    /// <summary>What goes on with the owner; null while it has not hung itself on.</summary>
    internal Action? Continuation { get; set; }

    /// <summary>Control has come back, and the owner has not taken yet what came with it.</summary>
    internal bool IsReached { get; private set; }

    internal abstract string TypeName { get; }

    /// <summary>False when a value of this type can't land here.</summary>
    internal bool TryPut<T>(T value)
    {
        // Of a switch that came to nothing, because its caller ended beside it.
        _error = null;
        if (this is not SwitchLanding<T> exact)
            return TryPutOther(value);
        exact.Value = value;
        return true;
    }

    internal void PutError(Exception error) => _error = error;

    /// <summary>Control comes back to the owner, which goes on at once if it was suspended.</summary>
    internal void Reach()
    {
        Action? continuation = Continuation;
        Continuation = null;
        IsReached = true;
        continuation?.Invoke();
    }

    private protected abstract bool TryPutOther(object? value);

    private protected void Leave()
    {
        if (!IsReached)
            throw new InvalidOperationException($"The switch of {owner} has not come back, or its result was taken; await it.");
        IsReached = false;
        if (_error is not { } error)
            return;
        _error = null;
        ExceptionDispatchInfo.Throw(error);
    }
}

/// <summary>A <see cref="SwitchLanding"/> for values of one type.</summary>
internal sealed class SwitchLanding<T>(SymmetricCoroutine owner) : SwitchLanding(owner)
{
    internal T? Value { get; set; }

    internal override string TypeName => typeof(T).Name;

    internal T Take()
    {
        Leave();
        T value = Value!;
        Value = default;
        return value;
    }

    // Rare: a value of a derived type, or null, or a number for an object.
    private protected override bool TryPutOther(object? value)
    {
        if (value is T fit)
            Value = fit;
        else if (value is null && default(T) is null)
            Value = default;
        else
            return false;
        return true;
    }
}
