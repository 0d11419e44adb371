using System.Runtime.ExceptionServices;
using Sprig.Scheduling;

namespace Sprig.Testing;

/// <content>What happens on it, and when.</content>
public sealed partial class SimulatedBoard
{
    private readonly Queue<PinChange> _changes = new();
    private readonly List<PinConflict> _conflicts = [];
    private readonly List<Action> _effects = [];
    private readonly int _keep;
    private CoroutineScheduler? _home;
    private MonotonicTime _start;

    /// <summary>The changes so far, oldest first. A snapshot.</summary>
    public IReadOnlyCollection<PinChange> Changes
    {
        get
        {
            lock (Gate)
                return [.. _changes];
        }
    }

    /// <summary>What drove against what so far, oldest first: a test that wires pins together wants none. A snapshot.</summary>
    public IReadOnlyList<PinConflict> Conflicts
    {
        get
        {
            lock (Gate)
                return [.. _conflicts];
        }
    }

    /// <summary>What assertions and the VCD file count from: when the board was made; the start of the clock where the first run that uses
    /// it goes by a <see cref="TestClock"/>. It may be set, in a run.</summary>
    public MonotonicTime Start
    {
        get
        {
            lock (Gate)
                return _start;
        }

        set
        {
            lock (Gate)
                _start = value;
        }
    }

    /// <summary>How many changes were forgotten.</summary>
    internal long Forgotten { get; private set; }

    /// <summary>This moment, by the clock of the run that uses the board, on its threads and on others.</summary>
    internal MonotonicTime Now => new(Clock.GetTimestamp());

    internal TimeProvider Clock => (CoroutineScheduler.CurrentOrNull ?? _home)?.TimeProvider ?? TimeProvider.System;

    /// <summary>The changes of one line so far.</summary>
    public IEnumerable<PinChange> ChangesOf(int line) => Changes.Where(change => change.Line == line);

    /// <summary>Changes something under the lock, and tells of it when that is free again.</summary>
    internal void Do(Action change)
    {
        Action[] effects = [];
        try
        {
            lock (Gate)
            {
                try
                {
                    MoveIn();
                    change();
                }
                finally
                {
                    effects = [.. _effects];
                    _effects.Clear();
                }
            }
        }
        finally
        {
            Tell(effects);
        }
    }

    /// <summary>Something that acts on a net has changed. Under the lock.</summary>
    internal void Settle(SimulatedNet net)
    {
        string? before = net.Conflict;
        bool level = net.Resolve();
        if (net.Conflict is { } conflict && conflict != before)
            _conflicts.Add(new PinConflict(Now, conflict));
        if (level == net.Level)
            return;
        net.Level = level;
        foreach (SimulatedLine line in net.Lines)
            OnLevel(line);
    }

    /// <summary>Tells when the lock is free again. Under the lock.</summary>
    internal void Later(Action effect) => _effects.Add(effect);

    /// <summary>Does something later, by the clock of the run, whatever thread asks for it.</summary>
    internal void After(TimeSpan span, Action action)
    {
        CoroutineScheduler? here = CoroutineScheduler.CurrentOrNull;
        if (_home is null || _home == here)
        {
            SetTimer(Clock, span, action);
            return;
        }

        try
        {
            // Virtual clocks are for their loop alone.
            CoroutineScheduler home = _home;
            home.Post(() => SetTimer(home.TimeProvider, span, action));
        }
        catch (InvalidOperationException)
        {
            // Its run has ended, and no time goes on there.
            SetTimer(TimeProvider.System, span, action);
        }
    }

    private static void SetTimer(TimeProvider clock, TimeSpan span, Action action)
    {
        ITimer? timer = null;
        timer = clock.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                action();
            },
            null,
            span,
            Timeout.InfiniteTimeSpan);
    }

    private void OnLevel(SimulatedLine line)
    {
        PinChange change = new(Now, line.Number, line.Net.Level);
        _changes.Enqueue(change);
        if (_changes.Count > _keep)
        {
            _changes.Dequeue();
            Forgotten++;
        }

        line.Holder?.OnLevel(line);
        Later(() => Changed?.Invoke(change));
    }

    // The run that uses it now; after its end, the next.
    private void MoveIn()
    {
        if (CoroutineScheduler.CurrentOrNull is not { } here || here == _home)
            return;
        bool isFirst = _home is null;
        _home = here;
        if (!isFirst || here.TimeProvider is not TestClock clock)
            return;
        _start = clock.Now - clock.Elapsed;
        // What came before, by the machine's clock, is the state in which virtual time begins.
        for (int i = _changes.Count; i > 0; i--)
            _changes.Enqueue(_changes.Dequeue() with { Time = _start });
    }

    // A handler that throws keeps nobody else from what has happened.
    private static void Tell(Action[] effects)
    {
        ExceptionDispatchInfo? error = null;
        foreach (Action effect in effects)
        {
            try
            {
                effect();
            }
#pragma warning disable CA1031 // It is thrown when all are told.
            catch (Exception e)
#pragma warning restore CA1031
            {
                error ??= ExceptionDispatchInfo.Capture(e);
            }
        }

        error?.Throw();
    }
}
