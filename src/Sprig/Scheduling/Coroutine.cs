using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Sprig.Scheduling;

/// <summary>One coroutine: its handle, whose awaiting gives its end. Its body is an ordinary async method; many of them
/// share the one thread of their <see cref="CoroutineScheduler"/>.</summary>
/// <remarks>Loop thread only, for all members: from another thread use <see cref="CoroutineScheduler.Post"/>.</remarks>
[DebuggerDisplay("{Name} {State}")]
public partial class Coroutine : IEnding
{
    private static readonly Action<object?> s_firstStep = static self => ((Coroutine)self!).FirstStep();

    private readonly string _file;
    private readonly int _line;
    private string? _name;

    /// <summary>The body, a <c>Func&lt;Task&gt;</c> or a <see cref="FlowingBody"/>, until the first step; then its task.</summary>
    private object? _bodyOrTask;
    private Completion? _waits;
    private CoroutineExtras? _extras;

    /// <summary>Created stands for "not ended".</summary>
    private CoroutineState _end;
    private Marks _marks;

    /// <summary>In one byte: with them the small fields fill two words.</summary>
    [Flags]
    private enum Marks : byte
    {
        Unheard = 1,
        ForeignBlocked = 2,
    }

    internal Coroutine(CoroutineScheduler scheduler, Func<Task> body, string? name, DaemonRule daemon, string file, int line)
    {
        Scheduler = scheduler;
        Context = new LoopContext(this);
        _bodyOrTask = ExecutionContext.Capture() is { } flow && flow != scheduler.Flow ? new FlowingBody(body, flow) : body;
        _name = name;
        Daemon = daemon;
        _file = file;
        _line = line;
        Id = scheduler.Adopt(this);
    }

    /// <summary>Counted up from 1 (main) within one run.</summary>
    public long Id { get; }

    /// <summary>Its name in reports and views. May be changed at any time.</summary>
    [AllowNull]
    public string Name
    {
        get => _name ??= $"coroutine-{Id}";
        set => _name = value;
    }

    /// <summary>Whether the run waits for it.</summary>
    public DaemonRule Daemon { get; }

    /// <summary>File and line of the call that spawned it.</summary>
    public string SpawnedAt => $"{_file}:{_line}";

    /// <summary>Where it is in its life.</summary>
    public CoroutineState State
        => !IsAlive ? _end
            : Scheduler.Running == this ? CoroutineState.Running
            : ReadyCount > 0 ? CoroutineState.Ready
            : _extras?.StartTimer is not null ? CoroutineState.Created
            : CoroutineState.Blocked;

    /// <summary>Whether it has not ended.</summary>
    public bool IsAlive => _end == CoroutineState.Created;

    /// <summary>What it waits for, while it is Blocked: a phrase for reports.</summary>
    public string? BlockedOn
        => State != CoroutineState.Blocked ? null : _waits is null ? "a task from outside the loop" : _waits.Blocker?.ToString();

    /// <summary>Since when it has been Blocked, to the tick; null while it is not, or waits for a foreign task.</summary>
    public MonotonicTime? BlockedSince => State == CoroutineState.Blocked && _waits is { } wait ? new MonotonicTime(wait.Since) : null;

    /// <summary>Why it is Faulted; null otherwise. Reading it counts as looking at the failure.</summary>
    public Exception? Exception
    {
        get
        {
            FailureLog.Observe(this);
            return _extras?.FailureRecord?.Exception;
        }
    }

    bool IEnding.HasEnded => !IsAlive;

    internal CoroutineScheduler Scheduler { get; }

    internal LoopContext Context { get; }

    /// <summary>Where it stands in the scheduler's <see cref="Roster"/>; when it has ended, its number among the ends.</summary>
    internal int Place;

    /// <summary>How many of its entries stand in the ready ring.</summary>
    internal int ReadyCount;

    /// <summary>Blocked, and not by a wait of ours: a foreign task will post it home.</summary>
    internal bool IsForeignBlocked
    {
        get => (_marks & Marks.ForeignBlocked) != 0;
        set => _marks = value ? _marks | Marks.ForeignBlocked : _marks & ~Marks.ForeignBlocked;
    }

    /// <summary>Nothing listens yet for the end of its body: the scheduler asks after its next step.</summary>
    internal bool IsUnheard
    {
        get => (_marks & Marks.Unheard) != 0;
        private set => _marks = value ? _marks | Marks.Unheard : _marks & ~Marks.Unheard;
    }

    internal FailureRecord? FailureRecord => _extras?.FailureRecord;

    internal Deadline? InnermostDeadline => _extras?.InnermostDeadline;

    internal CoroutineExtras Extras => _extras ??= new CoroutineExtras();

    internal CoroutineExtras? ExtrasOrNull => _extras;

    /// <summary>Whether its step has left it waiting for something that is not ours. Asked after each step. For a straggler
    /// no virtual time is held back any more.</summary>
    internal bool WaitsForOutside => ReadyCount == 0 && _waits is null && IsAlive && !IsStraggler;

    /// <summary>Whether it sleeps without end: until a kill, or a signal.</summary>
    internal bool WaitsForKill => _waits is { IsForKill: true };

    /// <summary>Whether its body itself waits for one thing of this loop, and for nothing else.</summary>
    internal bool IsBodyParked => BodyTask is { } body && _waits is { NextOfOwner: null } wait && wait.IsAwaitedBy(body);

    /// <summary>Whether something outside the loop (a cancellation token) may end one of its waits.</summary>
    internal bool HasOutsideWait
    {
        get
        {
            for (Completion? wait = _waits; wait is not null; wait = wait.NextOfOwner)
            {
                if (wait.HasOutsideSource)
                    return true;
            }

            return false;
        }
    }

    /// <summary>Its body's task: null until its first step.</summary>
    private protected Task? BodyTask => _bodyOrTask as Task;

    /// <summary>"'name' (spawned at file:line)", for reports.</summary>
    public override string ToString() => $"coroutine '{Name}'";

    internal WaitDescription Describe() => State == CoroutineState.Blocked && _waits is null
        ? new WaitDescription(Name, BlockedOn!, SpawnedAt)
        : WaitGraph.Describe(this, State == CoroutineState.Blocked ? _waits!.Blocker : null);

    internal void AddWait(Completion wait)
    {
        wait.NextOfOwner = _waits;
        _waits = wait;
    }

    internal void RemoveWait(Completion wait)
    {
        if (_waits == wait)
        {
            _waits = wait.NextOfOwner;
            wait.NextOfOwner = null;
            return;
        }

        for (Completion? before = _waits; before is not null; before = before.NextOfOwner)
        {
            if (before.NextOfOwner == wait)
            {
                before.NextOfOwner = wait.NextOfOwner;
                wait.NextOfOwner = null;
                return;
            }
        }
    }
}
