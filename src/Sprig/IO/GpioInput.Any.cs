using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.IO;

/// <content>Waiting for several at once.</content>
public sealed partial class GpioInput
{
    /// <summary>Waits for the next edge on any of several inputs, of one chip or of many: the oldest that nobody has taken, by its
    /// stamp. Edges of the others stay with them.</summary>
    /// <param name="inputs">Each once; nobody else waits for their edges meanwhile. They may have different clocks, whose stamps
    /// then say nothing about which came first.</param>
    /// <param name="edges">The kind; edges of the other kind before it are passed over.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="IOException">One of the chips is gone, or failed.</exception>
    /// <exception cref="InvalidOperationException">Another coroutine waits for one of them, or one was opened without edges.</exception>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public static async ValueTask<(GpioInput Input, GpioEdge Edge)> WaitForAnyAsync(
        IReadOnlyList<GpioInput> inputs, GpioEdges edges = GpioEdges.Both, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        // Its own: the caller's list may change while it waits.
        inputs = [.. inputs];
        if (inputs.Count == 0 || inputs.Contains(null) || inputs.Distinct().Count() != inputs.Count)
            throw new ArgumentException("At least one input, and each once.", nameof(inputs));
        cancellationToken.ThrowIfCancellationRequested();
        foreach (GpioInput input in inputs)
            input._request.ThrowIfCantRead(edges);
        CoroutineScheduler scheduler = CoroutineScheduler.Current;
        WaitQueue any = new($"an edge of any of {string.Join(", ", inputs.Select(input => input._request.Name))}");
        try
        {
            foreach (GpioInput input in inputs)
                input._request.BeginReading(any, scheduler);
            while (true)
            {
                if (IoWait.MustPause(scheduler))
                    await IoWait.Turn();
                // What came since the loop last looked: where only some lines are known to have edges, the oldest may be
                // another's.
                scheduler.Reactor.Poll(0);
                if (FindOldest(inputs, edges) is { } first)
                {
                    first._request.TryPeek(out GpioEdge edge);
                    first._request.Take();
                    return (first, edge);
                }

                foreach (GpioInput input in inputs)
                    input._request.Listen();
                await any.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            foreach (GpioInput input in inputs)
                input._request.EndReading();
        }
    }

    private static GpioInput? FindOldest(IReadOnlyList<GpioInput> inputs, GpioEdges edges)
    {
        GpioInput? first = null;
        long stamp = long.MaxValue;
        foreach (GpioInput input in inputs)
        {
            while (input._request.TryPeek(out GpioEdge edge))
            {
                if (input._request.IsWanted(edge, edges))
                {
                    if (first is null || edge.Nanoseconds < stamp)
                        (first, stamp) = (input, edge.Nanoseconds);
                    break;
                }

                input._request.Take();
            }
        }

        return first;
    }
}
