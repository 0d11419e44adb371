using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <summary>A lock that its owner may take again, as deep as it likes: it is free when each has been released.</summary>
/// <inheritdoc cref="OwnedLock" path="/remarks"/>
public sealed class AsyncReentrantLock : OwnedLock
{
    /// <inheritdoc cref="AsyncLock(string?, string, int)"/>
    public AsyncReentrantLock(string? name = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : base(new Label(nameof(AsyncReentrantLock), name, file, line))
    {
    }

    /// <summary>How many releases the running coroutine owes; 0 where it does not hold the lock.</summary>
    public int Depth => IsHeldByCurrent ? HoldCount : 0;

    private protected override bool TryReenter(Hold hold)
    {
        hold.Count = checked(hold.Count + 1);
        return true;
    }
}
