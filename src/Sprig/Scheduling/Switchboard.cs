namespace Sprig.Scheduling;

/// <summary>Who has control among the symmetric coroutines of one coroutine (or of one thread, outside of coroutines), and
/// the loop that hands it on: a switch names the next and returns down to the loop, which resumes it. So no switch takes
/// stack.</summary>
/// <remarks>
/// <para>The loop is at the bottom of whatever flow the scheduler has resumed. A switch in the root runs it at once: where
/// the others do nothing but switch, the root has control again before its await has asked, and never suspends. When they
/// wait for something else, the loop finds nobody next and returns, and the coroutine waits as coroutines do; the one that
/// had control goes on later in a step of the coroutine, and its next switch runs the loop.</para>
/// <para>Outside of coroutines nothing would bring such a wait back to this thread: it is refused, in the root's switch.</para>
/// </remarks>
internal sealed partial class Switchboard
{
    [ThreadStatic]
    private static Switchboard? t_outside;

    private readonly SynchronizationContext _context;
    private readonly SwitchRoot _root;
    private Queue<(SendOrPostCallback Callback, object? State)>? _posts;
    private SymmetricCoroutine? _next;
    private bool _isLooping;

    private Switchboard(Coroutine? owner)
    {
        Owner = owner;
        _context = owner is null ? SwitchContext.Instance : owner.Context;
        _root = new SwitchRoot(this);
        Current = _root;
    }

    /// <summary>That of the running coroutine, or else of this thread.</summary>
    internal static Switchboard Here
        => CoroutineScheduler.CurrentOrNull?.Running is not { } coroutine ? t_outside ??= new Switchboard(null)
            : coroutine.Extras.Switchboard ??= new Switchboard(coroutine);

    internal Coroutine? Owner { get; }

    internal SymmetricCoroutine Current { get; private set; }

    /// <summary>False where no loop runs outside of coroutines on this thread.</summary>
    internal static bool TryPostOutside(SendOrPostCallback callback, object? state)
    {
        if (t_outside is not { _isLooping: true } board)
            return false;
        (board._posts ??= new()).Enqueue((callback, state));
        return true;
    }

    internal SwitchLanding<TBack> Switch<THanded, TBack>(SymmetricCoroutine target, THanded value, Exception? error)
    {
        SymmetricCoroutine caller = Current;
        SwitchLanding goal = FindGoal(caller, target, out SwitchLanding<TBack> landing);
        if (error is not null)
            goal.PutError(error);
        else if (!goal.TryPut(value))
            throw Misfit(caller, value, goal);
        if (target != caller)
            target.SwitchedBy = caller;
        PassControl(caller, landing, target);
        return landing;
    }

    internal SwitchLanding<TBack> SwitchBack<THanded, TBack>(SymmetricCoroutine caller, THanded value)
    {
        if (caller != Current)
            throw NotRunning(caller);
        if (caller.SwitchedBy is not { } target)
            throw new InvalidOperationException($"Nobody has switched to {caller}; it can't switch back.");
        SwitchLanding goal = FindGoal(caller, target, out SwitchLanding<TBack> landing);
        if (!goal.TryPut(value))
            throw Misfit(caller, value, goal);
        PassControl(caller, landing, target);
        return landing;
    }

    /// <summary>The one that had control has suspended itself in a switch.</summary>
    internal void OnSuspended()
    {
        if (!_isLooping)
            Loop();
    }

    /// <summary>A body has ended: its parent goes on with what it gave.</summary>
    internal void End<T>(SymmetricCoroutine ended, T result, Exception? error)
    {
        // It has waited outside of coroutines, and the root was told so; or its coroutine was given up.
        if (this != Here)
            return;
        if (ended.Pending is { } stray)
            TellStray(ended, stray);
        SymmetricCoroutine heir = ended.Heir ?? ended.Parent ?? _root;
        if (heir.Pending is null || !Reaches(heir))
        {
            error = new InvalidOperationException(
                $"{ended} has ended, but {heir}, its parent, does not wait for it in a switch here.", error);
            heir = _root;
        }

        if (heir.Pending is not { } goal)
        {
            // Flows side by side: the root has gone on long since.
            Owner?.Scheduler.Failures.ReportCallback(Owner, error!);
            return;
        }

        if (error is not null)
            goal.PutError(error);
        else if (!goal.TryPut(result))
            goal.PutError(Misfit(ended, result, goal));
        Bind(heir);
        _next = heir;
        OnSuspended();
    }

    private void PassControl<TBack>(SymmetricCoroutine caller, SwitchLanding<TBack> landing, SymmetricCoroutine target)
    {
        caller.Pending = landing;
        if (target.Board != this)
            Bind(target);
        _next = target;
        if (caller == _root && !_isLooping)
        {
            Loop();
            if (Owner is null && !landing.IsReached)
                throw RefuseWait();
        }
    }

    /// <summary>A flow beside the body has switched in its name, and waits for what never comes.</summary>
    private void TellStray(SymmetricCoroutine ended, SwitchLanding stray)
    {
        ended.Pending = null;
        stray.PutError(new InvalidOperationException(
            $"{ended} has ended while a flow beside its body waited in a switch. {SideBySide}"));
        (_posts ??= new()).Enqueue((static landing => ((SwitchLanding)landing!).Reach(), stray));
    }

    private void Bind(SymmetricCoroutine target)
    {
        if (!target.IsStarted)
            target.Flow = ExecutionContext.Capture();
        target.Board = this;
    }

    private void Loop()
    {
        SynchronizationContext? outer = SynchronizationContext.Current;
        // The ends of bodies and of the methods that they call come home to it.
        if (outer != _context)
            SynchronizationContext.SetSynchronizationContext(_context);
        _isLooping = true;
        try
        {
            while (true)
            {
                if (_next is { } next)
                {
                    _next = null;
                    Current = next;
                    SwitchLanding landing = next.Pending!;
                    next.Pending = null;
                    landing.Reach();
                }
                else if (_posts is not null && _posts.TryDequeue(out var post))
                    post.Callback(post.State);
                else
                    return;
            }
        }
        finally
        {
            _isLooping = false;
            if (outer != _context)
                SynchronizationContext.SetSynchronizationContext(outer);
        }
    }
}
