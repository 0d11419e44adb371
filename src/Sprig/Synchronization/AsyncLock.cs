using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <summary>A plain lock: one coroutine at a time, not reentrant. A coroutine that takes it twice gets a
/// <see cref="DeadlockException"/> at once. Needed only where an await stands between reading and writing what is guarded:
/// between two awaits nobody else runs.</summary>
/// <example><code>
/// using (await theLock.AcquireAsync())
///     balance += await InterestAsync(balance);
/// </code></example>
/// <inheritdoc cref="OwnedLock" path="/remarks"/>
public sealed class AsyncLock : OwnedLock
{
    /// <summary>A free lock.</summary>
    /// <param name="name">For reports and errors; where it is made, unless given.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public AsyncLock(string? name = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : base(new Label(nameof(AsyncLock), name, file, line))
    {
    }

    private protected override bool TryReenter(Hold hold) => false;
}
