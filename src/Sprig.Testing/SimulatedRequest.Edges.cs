using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Testing;

/// <content>Edges, with the kernel's debouncer: a level counts when it has held for the period, and is stamped then.</content>
internal sealed partial class SimulatedRequest
{
    private readonly EdgeDetector[] _detectors;
    private readonly Queue<GpioEdge> _edges = new();
    private CoroutineScheduler? _listener;

    /// <summary>The level of a line's pin has changed. Under the board's lock.</summary>
    internal void OnLevel(SimulatedLine line)
    {
        EdgeDetector detector = _detectors[Array.IndexOf(_taken, line)];
        if (!detector.IsOn)
            return;
        int change = ++detector.Change;
        if (line.Settings.Debounce == TimeSpan.Zero)
            Accept(line, detector);
        else
            _board.Later(() => _board.After(line.Settings.Debounce, () => OnRested(line, detector, change)));
    }

    /// <summary>Who waits for edges is to look again. Under the board's lock.</summary>
    internal void Wake()
    {
        if (_listener is not { } loop)
            return;
        _listener = null;
        _board.Later(() => WakeOn(loop));
    }

    protected override bool TryTakeEdge(out GpioEdge edge)
    {
        lock (_board.Gate)
        {
            if (_edges.TryDequeue(out edge))
                return true;
            ThrowIfGone("read edges of");
            return false;
        }
    }

    protected override void StartListening() => _board.Do(() =>
    {
        _listener = CoroutineScheduler.Current;
        // One may have come since the look, from another thread: then the reader, which is about to wait, looks again.
        if (_edges.Count > 0 || _board.IsRemoved)
            _listener.Post(OnEdges);
    });

    protected override void StopListening()
    {
        lock (_board.Gate)
            _listener = null;
    }

    // The period is over: if nothing has changed meanwhile, the level counts, from now.
    private void OnRested(SimulatedLine line, EdgeDetector detector, int change) => _board.Do(() =>
    {
        if (line.Holder == this && detector.IsOn && detector.Change == change)
            Accept(line, detector);
    });

    private void Accept(SimulatedLine line, EdgeDetector detector)
    {
        if (detector.Level == line.Net.Level)
            return;
        detector.Level = line.Net.Level;
        if (line.Settings.Edges == GpioEdges.None)
            return;
        if (_edges.Count == _keeps)
            _edges.Dequeue();
        _edges.Enqueue(new GpioEdge(line.Number, line.Level, default, ++detector.Sequence) { Nanoseconds = Stamp(line.Settings.Clock) });
        Wake();
    }

    private long Stamp(GpioClock clock)
        => clock == GpioClock.Realtime ? (_board.Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100 : _board.Now.Nanoseconds;

    private void WakeOn(CoroutineScheduler loop)
    {
        if (loop == CoroutineScheduler.CurrentOrNull)
        {
            OnEdges();
            return;
        }

        try
        {
            loop.Post(OnEdges);
        }
        catch (InvalidOperationException)
        {
            // Its run has ended, and with it whoever waited.
        }
    }

    /// <summary>What makes edges out of a line's levels.</summary>
    private sealed class EdgeDetector
    {
        internal bool IsOn { get; set; }

        /// <summary>The level that counts.</summary>
        internal bool Level { get; set; }

        /// <summary>Counts the changes, so that a period that was begun anew is known.</summary>
        internal int Change { get; set; }

        internal uint Sequence { get; set; }
    }
}
