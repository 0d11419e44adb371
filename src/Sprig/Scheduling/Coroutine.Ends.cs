namespace Sprig.Scheduling;

/// <content>Who is told of its end, and how its end comes to those that are not coroutines.</content>
public partial class Coroutine
{
    /// <summary>Adds a callback that runs on the loop soon after the end (soon if it has ended), never inline, in the order of
    /// adding. One that throws stops no other and is reported to the <see cref="SchedulerObserver"/>.</summary>
    /// <param name="callback">Gets this coroutine.</param>
    public void AddDoneCallback(Action<Coroutine> callback) => AddDoneCallback(callback, CoroutineOutcomes.All);

    /// <summary>As <see cref="AddDoneCallback(Action{Coroutine})"/>, but it runs only for some of the ends.</summary>
    /// <param name="callback">Gets this coroutine.</param>
    /// <param name="when">After which ends it runs.</param>
    public void AddDoneCallback(Action<Coroutine> callback, CoroutineOutcomes when)
    {
        ArgumentNullException.ThrowIfNull(callback);
        if ((when & ~CoroutineOutcomes.All) != 0)
            throw new ArgumentOutOfRangeException(nameof(when), when, "Not an outcome of a coroutine.");
        AddListener(new DoneCallback(callback, when));
    }

    /// <summary>Takes back a callback that <see cref="AddDoneCallback(Action{Coroutine})"/> was given, the one added first of
    /// equal ones; false when there is none, or it has ended and the loop has it already.</summary>
    /// <exception cref="InvalidOperationException">This is not its scheduler's thread.</exception>
    public bool RemoveDoneCallback(Action<Coroutine> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        if (IsAlive)
            ThrowIfOffLoop();
        int index = _extras?.Listeners?.FindIndex(listener => listener is DoneCallback done && done.Callback == callback) ?? -1;
        if (index < 0)
            return false;
        _extras!.Listeners!.RemoveAt(index);
        return true;
    }

    /// <summary>Its end as a task, for code that combines tasks: a killed one's is cancelled, a failed one's throws the very
    /// exception. That counts as looking at the failure.</summary>
    /// <remarks>Awaiting the handle itself is cheaper, and is seen by the loop: who waits for a task may wait for anything, so a
    /// deadlock of such waits is told late.</remarks>
    public Task AsTask()
    {
        EndTask<bool> end = new(static _ => true);
        AddListener(end);
        return end.Task;
    }

    /// <summary>The listener is told when it ends; now, if it has ended.</summary>
    internal void AddListener(EndListener listener)
    {
        if (!Scheduler.HasEnded)
            ThrowIfForeign();
        if (IsAlive)
            (Extras.Listeners ??= []).Add(listener);
        else
            listener.OnEnded(this);
    }

    internal void RemoveListener(EndListener listener) => _extras?.Listeners?.Remove(listener);

    internal void JoinBy(Completion wait) => wait.HangOn(Extras.Joiners ??= new WaitQueue(this));

    /// <summary>Of two that have ended: which did first. Within one run; the count of ends may wrap.</summary>
    internal static int CompareEnds(Coroutine one, Coroutine other) => unchecked(one.Place - other.Place);
}
