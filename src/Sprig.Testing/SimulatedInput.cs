using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Testing;

/// <summary>An input of a <see cref="SimulatedBoard"/>: keeps edges as the kernel does, the newest when there are too many.</summary>
internal sealed class SimulatedInput : GpioInput
{
    private readonly SimulatedLine _line;
    private readonly bool _activeLow;
    private readonly int _capacity;
    private readonly Queue<GpioEdge> _edges = new();
    private readonly WaitQueue _waiters;
    private uint _sequence;
    private bool _disposed;

    internal SimulatedInput(SimulatedLine line, GpioInputOptions options)
        : base(line.Number)
    {
        _line = line;
        _activeLow = options.ActiveLow;
        _capacity = options.EdgeBuffer;
        _waiters = new WaitQueue($"an edge of line {line.Number} of the simulated board");
        line.BeInput(this, options.Bias);
        // Settling into its bias is no edge of the input.
        _edges.Clear();
        _sequence = 0;
    }

    public override bool Read()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _line.Level ^ _activeLow;
    }

    public override void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _line.Release();
        _waiters.WakeAll();
    }

    internal void OnChanged(bool level)
    {
        if (_edges.Count == _capacity)
            _edges.Dequeue();
        _edges.Enqueue(new GpioEdge(Line, level ^ _activeLow, MonotonicTime.Now, ++_sequence));
        _waiters.WakeOne();
    }

    protected override async ValueTask<GpioEdge> TakeEdgeAsync()
    {
        if (_waiters.Count > 0)
            throw new InvalidOperationException($"line {Line} of the simulated board already has a reader waiting; one reader at a time.");
        while (true)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_edges.TryDequeue(out GpioEdge edge))
                return edge;
            await _waiters.WaitAsync();
        }
    }
}
