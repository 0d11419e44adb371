using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.IO;

/// <summary>An input line that this program holds, and its edges.</summary>
/// <remarks>Loop thread only; one coroutine waits at a time. Edges between two waits are queued, not lost: a wait for an
/// edge takes the oldest that nobody has taken. Who wants the present level says so: <see cref="WaitForLevelAsync"/>.</remarks>
public abstract class GpioInput : IDisposable
{
    private uint _lastSequence;

    /// <summary>For implementations.</summary>
    protected GpioInput(int line) => Line = line;

    /// <summary>The line's offset in its chip.</summary>
    public int Line { get; }

    /// <summary>How many edges were lost because nobody took them in time, by the gaps in their sequence.</summary>
    public long LostEdges { get; private set; }

    /// <summary>The present level.</summary>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    public abstract bool Read();

    /// <summary>Waits for the next edge of the kind; edges of the other kind before it are passed over.</summary>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    /// <exception cref="InvalidOperationException">Another coroutine waits for this line's edges.</exception>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<GpioEdge> WaitForEdgeAsync(GpioEdges edges = GpioEdges.Both)
    {
        if ((edges & GpioEdges.Both) == 0)
            throw new ArgumentOutOfRangeException(nameof(edges), edges, "Rising, Falling or Both.");
        while (true)
        {
            GpioEdge edge = await TakeEdgeAsync();
            LostEdges += edge.Sequence - _lastSequence - 1;
            _lastSequence = edge.Sequence;
            if ((edges & (edge.IsRising ? GpioEdges.Rising : GpioEdges.Falling)) != 0)
                return edge;
        }
    }

    /// <summary>Returns at once when the line has the level, else waits until it has. Takes the edges that it waits for.</summary>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    public async ValueTask WaitForLevelAsync(bool level)
    {
        while (Read() != level)
            await WaitForEdgeAsync();
    }

    /// <summary>Gives the line back; who waits gets <see cref="ObjectDisposedException"/>.</summary>
    public abstract void Dispose();

    /// <summary>The oldest edge that nobody has taken; waits for one if there is none. A wait that throws takes none.</summary>
    protected abstract ValueTask<GpioEdge> TakeEdgeAsync();
}
