using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <summary>A meeting point: nobody goes on before all have come; then the next phase begins.</summary>
/// <remarks>Loop thread only. Waiting allocates nothing. One that is killed, or whose time is over, while it waits has not come:
/// the others wait for another in its place (where a barrier of Python's would break; <see cref="Abort"/> does that here).</remarks>
public sealed class AsyncBarrier : SynchronizationPrimitive
{
    private readonly HandoverPool<int> _places = new();

    /// <summary>A barrier.</summary>
    /// <param name="participantCount">How many have to come, at least 1.</param>
    /// <param name="name">For reports and errors; where it is made, unless given.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 1.</exception>
    public AsyncBarrier(int participantCount, string? name = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : base(new Label(nameof(AsyncBarrier), name, file, line))
    {
        Bound.ThrowIfLess(participantCount, 1, nameof(participantCount), this);
        ParticipantCount = participantCount;
    }

    /// <summary>How many have to come.</summary>
    public int ParticipantCount { get; }

    /// <summary>How many are still to come in this phase.</summary>
    public int ParticipantsRemaining => ParticipantCount - _waiters.Count;

    /// <summary>How many phases are over.</summary>
    public long CurrentPhaseNumber { get; private set; }

    /// <summary>Whether it was aborted.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Comes, and waits for the others.</summary>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <returns>The place in which it came in this phase, from 0; so that one, and just one, can be the one that cleans up.</returns>
    /// <exception cref="BarrierBrokenException">It was aborted.</exception>
    /// <exception cref="CoroutineKilledException">Killed while it waited; it has not come.</exception>
    /// <exception cref="DeadlineExceededException">A <see cref="Deadline"/> around the wait has passed; it has not come.</exception>
    public ValueTask<int> SignalAndWaitAsync(CancellationToken cancellationToken = default)
    {
        CoroutineScheduler scheduler = _waiters.Enter();
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        return IoWait.MustPause(scheduler) ? ComeAfterTurnAsync(cancellationToken) : ComeAsync(cancellationToken);
    }

    /// <summary>Breaks it: all who wait, and who come before <see cref="Reset"/>, get a <see cref="BarrierBrokenException"/>.</summary>
    public void Abort()
    {
        _waiters.Check();
        IsBroken = true;
        while (_waiters.First is { } wait)
            wait.Fail(Broken());
    }

    /// <summary>Makes it whole and empty again. Those who wait now get a <see cref="BarrierBrokenException"/>.</summary>
    public void Reset()
    {
        Abort();
        IsBroken = false;
    }

    private ValueTask<int> ComeAsync(CancellationToken cancellationToken)
    {
        if (IsBroken)
            throw Broken();
        if (ParticipantsRemaining == 1)
            return new ValueTask<int>(Open());
        Handover<int> place = _places.Rent(0);
        place.Attach(_waiters.Begin(cancellationToken));
        return place.AsValue();
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<int> ComeAfterTurnAsync(CancellationToken cancellationToken)
    {
        await IoWait.Turn();
        return await ComeAsync(cancellationToken);
    }

    // Only now are the places given: one may have left meanwhile.
    private int Open()
    {
        CurrentPhaseNumber++;
        int place = 0;
        while (_waiters.First is { } wait)
        {
            ((Handover<int>)wait.Cargo!).Item = place++;
            wait.Succeed();
        }

        return place;
    }

    private BarrierBrokenException Broken() => new($"{this} is broken: it was aborted. Reset it before it is used again.");
}
