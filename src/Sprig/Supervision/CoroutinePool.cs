using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Supervision;

/// <summary>Runs at most so many coroutines at once: gevent's Pool and the executor of concurrent.futures. Who comes while it is full
/// waits in one line, first come first served, whether it spawns, submits or maps.</summary>
/// <remarks>Loop thread only; from other threads submit by <see cref="CoroutineScheduler.Post"/>. A failure stays the coroutine's own, or
/// its work's, to be looked at there. One that runs in the pool and waits there for another of the pool to start waits for a place while
/// it holds one: give nested work a pool of its own.</remarks>
/// <example><code>
/// CoroutinePool pool = new(4);
/// await foreach (Page page in pool.Map(urls, url => DownloadAsync(url)))
///     Print(page);
/// </code></example>
public sealed partial class CoroutinePool : IAsyncDisposable
{
    private readonly Title _title;
    private readonly Members _members;
    private readonly LinkedList<IPoolTurn> _line = new();

    /// <summary>Places that are taken: by those that run, and those whose turn it is and that have not begun.</summary>
    private int _taken;

    /// <summary>An empty pool.</summary>
    /// <param name="size">How many run at once, at least 1.</param>
    /// <param name="name">For reports and errors; where it is made, unless given.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1.</exception>
    public CoroutinePool(int size, string? name = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        _title = new Title(nameof(CoroutinePool), name, file, line);
        _title.ThrowIfLessThanOne(size, nameof(size));
        Size = size;
        _members = new Members(this, _ => GiveBack(), () => _taken > 0);
    }

    /// <summary>How many run at once.</summary>
    public int Size { get; }

    /// <summary>How many run now.</summary>
    public int Count => _members.Count;

    /// <summary>How many wait in the line.</summary>
    public int PendingCount => _line.Count;

    /// <summary>How many places are free.</summary>
    public int FreeCount => Size - _taken;

    /// <summary>Whether a newcomer would have to wait.</summary>
    public bool IsFull => FreeCount == 0;

    /// <summary>All that run now, in the order in which they began. A snapshot.</summary>
    public IReadOnlyList<Coroutine> Coroutines => _members.Snapshot();

    /// <summary>Whether <see cref="ShutdownAsync"/> was called.</summary>
    public bool IsShutdown { get; private set; }

    /// <summary>"CoroutinePool 'name'", or where it was made.</summary>
    public override string ToString() => _title.ToString();

    /// <summary>For what begins something.</summary>
    private void Open()
    {
        Enter();
        if (IsShutdown)
            throw new InvalidOperationException($"{this} was shut down: it takes nothing new. Shut it down when nobody uses it any more, or make another.");
    }

    private void Enter()
    {
        if (!_members.Enter())
            return;
        _taken = 0;
        _line.Clear();
    }

    private bool TryTake()
    {
        if (IsFull)
            return false;
        _taken++;
        return true;
    }

    /// <summary>A place is free: the first in the line has it in the same breath.</summary>
    private void GiveBack()
    {
        if (_line.First is { } first)
        {
            _line.RemoveFirst();
            first.Value.OnTurn();
            return;
        }

        _taken--;
        _members.WakeIfIdle();
    }
}
