using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.IO;

/// <summary>An input line that this program holds, and its edges.</summary>
/// <remarks>Edges are for the loop thread, and one coroutine waits at a time; the level may be read on any. Edges between two waits
/// are queued, not lost: a wait for an edge takes the oldest that nobody has taken. Who wants the present level says so:
/// <see cref="WaitForLevelAsync"/>. A line that is left open is given back when the run that opened it ends.</remarks>
public sealed partial class GpioInput : IDisposable
{
    private readonly GpioLineRequest _request;

    internal GpioInput(GpioLineRequest request) => _request = request;

    /// <summary>The line's offset in its chip.</summary>
    public int Line => _request.Lines[0];

    /// <summary>How many edges were lost because nobody took them in time, by the gaps in their sequence.</summary>
    public long LostEdges => _request.LostEdgesOf(0);

    /// <summary>Whether it was given back.</summary>
    public bool IsDisposed => _request.IsDisposed;

    /// <summary>The present level. Any thread.</summary>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    public bool Read() => _request.Read(1) != 0;

    /// <summary>Waits for the next edge of the kind; edges of the other kind before it are passed over.</summary>
    /// <param name="edges">Of those that the line was opened for.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    /// <exception cref="InvalidOperationException">Another coroutine waits for this line's edges, or it was opened without.</exception>
    public ValueTask<GpioEdge> WaitForEdgeAsync(GpioEdges edges = GpioEdges.Both, CancellationToken cancellationToken = default)
        => _request.TakeEdgeAsync(edges, cancellationToken);

    /// <summary><c>await foreach</c>: each edge of the kind, from the oldest that nobody has taken.</summary>
    /// <inheritdoc cref="WaitForEdgeAsync"/>
    public IAsyncEnumerable<GpioEdge> Edges(GpioEdges edges = GpioEdges.Both) => new EdgeStream(_request, edges);

    /// <summary>Returns at once when the line has the level, else waits until it has. Takes the edges that it waits for.</summary>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    /// <exception cref="InvalidOperationException">It has not the level, and was opened without the edges that would tell of it.</exception>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    public async ValueTask WaitForLevelAsync(bool level)
    {
        while (Read() != level)
            await WaitForEdgeAsync(level ? GpioEdges.Rising : GpioEdges.Falling);
    }

    /// <summary>Gives the line back; who waits gets <see cref="ObjectDisposedException"/>. Any thread.</summary>
    public void Dispose() => _request.Dispose();
}
