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

    /// <summary>The present value, then each change.</summary>
    internal static async IAsyncEnumerable<T> ValuesAsync<T>(
        Func<T> present, DeviceEvents<T> changes, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // First: what happens while the consumer looks at the present value is not lost.
        await using IAsyncEnumerator<T> next = changes.GetAsyncEnumerator(cancellationToken);
        yield return present();
        while (await next.MoveNextAsync())
            yield return next.Current;
    }
}
