using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.IO;

/// <content>Edges: one reader at a time, on the loop.</content>
public abstract partial class GpioLineRequest
{
    private readonly EdgeTrack[] _tracks;
    private readonly WaitQueue _waiters;

    /// <summary>Where the reader of the edges waits; null while none reads.</summary>
    private WaitQueue? _reader;
    private CoroutineScheduler? _readerLoop;
    private GpioEdge _next;
    private bool _hasNext;

    internal long LostEdges => _tracks.Sum(track => track.Lost);

    /// <summary>Waits for the next edge of the kind on any of the lines; those of the other kind before it are passed over.</summary>
    internal ValueTask<GpioEdge> TakeEdgeAsync(GpioEdges edges, CancellationToken cancellationToken)
    {
        ThrowIfCantRead(edges);
        CoroutineScheduler scheduler = CoroutineScheduler.Current;
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<GpioEdge>(cancellationToken);
        bool pause;
        while (!(pause = IoWait.MustPause(scheduler)) && TryPeek(out GpioEdge edge))
        {
            _hasNext = false;
            if (IsWanted(edge, edges))
                return new ValueTask<GpioEdge>(edge);
        }

        return TakeLaterAsync(scheduler, edges, pause, cancellationToken);
    }

    internal long LostEdgesOf(int place) => _tracks[place].Lost;

    /// <exception cref="InvalidOperationException">Another reads, or no line has such edges.</exception>
    internal void ThrowIfCantRead(GpioEdges edges)
    {
        if ((edges & GpioEdges.Both) == 0)
            throw new ArgumentOutOfRangeException(nameof(edges), edges, "Rising, Falling or Both.");
        ThrowIfDisposed();
        // A straggler's reading never ends; its run has.
        if (_reader is not null && !_readerLoop!.HasEnded)
            throw new InvalidOperationException($"{Name} already has a reader waiting; one reader at a time. Let one coroutine do it, or guard it with a lock.");
        if (!_hasNext && !HasEdges(edges))
        {
            throw new InvalidOperationException($"{Name}: no {(edges == GpioEdges.Both ? "" : $"{edges} ")}edges were asked for. "
                + "Set Edges where it is opened or configured.");
        }

    }

    /// <summary>A wait for edges begins: who comes with some wakes the first in the queue.</summary>
    internal void BeginReading(WaitQueue queue, CoroutineScheduler scheduler) => (_reader, _readerLoop) = (queue, scheduler);

    /// <summary>It has ended, however it did.</summary>
    internal void EndReading()
    {
        StopListening();
        _reader = null;
    }

    /// <summary>From now on <see cref="OnEdges"/> is called when edges come, once.</summary>
    internal void Listen()
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            StartListening();
        }
    }

    /// <summary>The oldest edge that nobody has taken, which stays.</summary>
    /// <returns>False: there is none.</returns>
    internal bool TryPeek(out GpioEdge edge)
    {
        if (!_hasNext)
        {
            lock (_gate)
            {
                ThrowIfDisposed();
                _hasNext = TryTakeEdge(out _next);
            }

            if (_hasNext)
                Note(ref _next);
        }

        edge = _next;
        return _hasNext;
    }

    internal void Take() => _hasNext = false;

    /// <summary>Whether the wait and the line's own setting want it.</summary>
    internal bool IsWanted(in GpioEdge edge, GpioEdges edges)
        => (edges & _settings[PlaceOf(edge)].Edges & (edge.IsRising ? GpioEdges.Rising : GpioEdges.Falling)) != 0;

    /// <summary>The oldest edge that nobody has taken, with its stamp as it is: the clock is known from the settings. Loop thread.</summary>
    /// <returns>False: there is none, and <see cref="OnEdges"/> will be called when one has come, if that was asked for.</returns>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    protected abstract bool TryTakeEdge(out GpioEdge edge);

    /// <summary>From now on <see cref="OnEdges"/> is to be called when edges have come, or an error. Loop thread, after
    /// <see cref="TryTakeEdge"/> has said that there is none.</summary>
    protected abstract void StartListening();

    /// <summary>Nobody waits for edges any more. Loop thread; also when nobody was told to listen.</summary>
    protected abstract void StopListening();

    /// <summary>Wakes who waits for edges. Loop thread.</summary>
    protected void OnEdges() => _reader?.WakeOne();

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<GpioEdge> TakeLaterAsync(CoroutineScheduler scheduler, GpioEdges edges, bool pause, CancellationToken cancellationToken)
    {
        BeginReading(_waiters, scheduler);
        try
        {
            while (true)
            {
                if (pause)
                {
                    await IoWait.Turn();
                }
                else
                {
                    Listen();
                    await _waiters.WaitAsync(cancellationToken);
                }

                while (!(pause = IoWait.MustPause(scheduler)) && TryPeek(out GpioEdge edge))
                {
                    _hasNext = false;
                    if (IsWanted(edge, edges))
                        return edge;
                }
            }
        }
        finally
        {
            EndReading();
        }
    }

    private bool HasEdges(GpioEdges edges)
    {
        foreach (GpioLineSettings one in _settings)
        {
            if ((one.Edges & edges) != 0)
                return true;
        }

        return false;
    }

    private void Note(ref GpioEdge edge)
    {
        int place = PlaceOf(edge);
        _tracks[place].Note(edge.Sequence);
        if (_settings[place].Clock is not GpioClock.Monotonic and GpioClock clock)
            edge = edge with { Clock = clock };
    }

    private int PlaceOf(in GpioEdge edge) => _lines.Length == 1 ? 0 : PlaceOf(edge.Line);

    // The line was given back: the reader, wherever it is, finds that out.
    private void WakeForEnd()
    {
        if (_reader is not { } reader)
            return;
        if (_readerLoop!.IsOnLoopThread)
            reader.WakeAll();
        else
            _readerLoop.Inbox.Post(null, (Action)(() => reader.WakeAll()), null);
    }

    /// <summary>What is known of one line's edges.</summary>
    private struct EdgeTrack
    {
        private uint _last;

        internal long Lost { get; private set; }

        // Both are 32 bits wide and wrap around.
        internal void Note(uint sequence)
        {
            Lost += unchecked(sequence - _last - 1);
            _last = sequence;
        }
    }
}
