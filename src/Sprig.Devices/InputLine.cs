using System.Runtime.CompilerServices;
using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Devices;

/// <summary>What devices on one input line have in common.</summary>
internal static class InputLine
{
    /// <summary>Opens a line for a device that lives in a run: without one, no line is taken.</summary>
    internal static GpioInput Open(GpioChip chip, int line, GpioInputOptions options)
    {
        ArgumentNullException.ThrowIfNull(chip);
        // Throws where none runs.
        _ = CoroutineScheduler.Current;
        return chip.OpenInput(line, options);
    }

    /// <summary>The next edge that has come already; null: none has. Who waits for a time asks it when that is over: a loop
    /// that is late finds the edges of before beside it.</summary>
    /// <param name="wait">Looks, and then waits until the token is cancelled.</param>
    internal static async ValueTask<GpioEdge?> TakePresentAsync(Func<CancellationToken, ValueTask<GpioEdge>> wait)
    {
        using CancellationTokenSource enough = new();
        ValueTask<GpioEdge> edge = wait(enough.Token);
        if (!edge.IsCompleted)
            enough.Cancel();
        try
        {
            return await edge;
        }
        catch (OperationCanceledException e) when (e.CancellationToken == enough.Token)
        {
            return null;
        }
    }

    /// <summary>The present value, then that of each event.</summary>
    internal static async IAsyncEnumerable<T> ValuesAsync<TEvent, T>(
        Func<T> present,
        DeviceEvents<TEvent> changes,
        Func<TEvent, T> valueOf,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // First: what happens while the consumer looks at the present value is not lost.
        await using IAsyncEnumerator<TEvent> next = changes.GetAsyncEnumerator(cancellationToken);
        yield return present();
        while (await next.MoveNextAsync())
            yield return valueOf(next.Current);
    }
}
