using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Supervision;

/// <summary>Coroutines to be waited for, or killed, together: gevent's Group. Each leaves it when it ends; a failure stays the
/// coroutine's own, to be looked at there.</summary>
/// <remarks>Loop thread only. Nothing holds its members together but it: see <see cref="CoroutineScope"/> for children that
/// nobody can forget.</remarks>
public sealed class CoroutineGroup : CoroutineCollection
{
    private readonly Title _title;

    /// <summary>An empty group.</summary>
    /// <param name="name">For reports and errors; where it is made, unless given.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public CoroutineGroup(string? name = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => _title = new Title(nameof(CoroutineGroup), name, file, line);

    /// <summary>Takes a coroutine in. One that has ended does not come in; one that is in stays; it may be in other groups too.</summary>
    /// <exception cref="InvalidOperationException">It, or the group, belongs to another scheduler.</exception>
    public void Add(Coroutine coroutine)
    {
        ArgumentNullException.ThrowIfNull(coroutine);
        Members.Enter();
        Members.Add(coroutine);
    }

    /// <summary>Lets a coroutine go, which goes on; false when it was not in.</summary>
    public bool Discard(Coroutine coroutine)
    {
        ArgumentNullException.ThrowIfNull(coroutine);
        Members.Enter();
        return Members.Discard(coroutine);
    }

    /// <summary>Waits until nobody is left, those included that come in meanwhile; false when <paramref name="timeout"/> was over
    /// first.</summary>
    /// <param name="timeout">How long to wait, from now; without end unless given.</param>
    /// <param name="raiseError">Throw the earliest failure of a member since the call, as soon as it has happened.</param>
    /// <exception cref="InvalidOperationException">The caller is a member, or the group belongs to another scheduler.</exception>
    public Task<bool> JoinAsync(TimeSpan? timeout = null, bool raiseError = false) => Members.JoinAsync(timeout, raiseError);

    /// <summary>Kills all, those included that come in meanwhile, and waits until nobody is left; false when
    /// <paramref name="timeout"/> was over first. The group may be used on.</summary>
    /// <param name="grace">How long the clean-up of each may take; the scheduler's unless given.</param>
    /// <param name="timeout">How long to wait, from now; without end unless given.</param>
    /// <exception cref="InvalidOperationException">The group belongs to another scheduler.</exception>
    public Task<bool> KillAsync(TimeSpan? grace = null, TimeSpan? timeout = null) => Members.KillAsync(grace, timeout);

    /// <summary>"CoroutineGroup 'name'", or where it was made.</summary>
    public override string ToString() => _title.ToString();
}
