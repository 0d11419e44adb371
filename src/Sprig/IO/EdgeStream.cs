using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.IO;

/// <summary><c>await foreach</c> over edges. Between two of them nothing is held: another may wait for the line then.</summary>
internal sealed class EdgeStream(GpioLineRequest request, GpioEdges edges) : IAsyncEnumerable<GpioEdge>
{
    public IAsyncEnumerator<GpioEdge> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Enumerator(request, edges, cancellationToken);

    private sealed class Enumerator(GpioLineRequest request, GpioEdges edges, CancellationToken cancellationToken) : IAsyncEnumerator<GpioEdge>
    {
        public GpioEdge Current { get; private set; }

        // An async iterator would post each item through the ring, and allocate for it.
        [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
        public async ValueTask<bool> MoveNextAsync()
        {
            Current = await request.TakeEdgeAsync(edges, cancellationToken);
            return true;
        }

        public ValueTask DisposeAsync() => default;
    }
}
