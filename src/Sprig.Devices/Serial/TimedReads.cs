using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Devices.Serial;

/// <summary>Reads of a serial line that are given up after a time, on whatever stream.</summary>
internal static class TimedReads
{
    /// <summary>Reads what is there, or comes in time; -1 where nothing did.</summary>
    /// <param name="stream">The line.</param>
    /// <param name="buffer">Where to.</param>
    /// <param name="patience">Zero: only what is there.</param>
    /// <exception cref="EndOfStreamException">The other end is closed.</exception>
    internal static async ValueTask<int> TryReadAsync(Stream stream, Memory<byte> buffer, TimeSpan patience)
    {
        using Deadline deadline = Deadline.After(patience);
        try
        {
            int count = await stream.ReadAsync(buffer, TokenFor(stream, deadline));
            return count > 0 ? count : throw new EndOfStreamException($"The other end of {Describe(stream)} is closed.");
        }
#pragma warning disable CA1031 // Only its own.
        catch (Exception e) when (deadline.Caused(e))
#pragma warning restore CA1031
        {
            return -1;
        }
    }

    /// <summary>Throws away what is there, until the line has been silent for a while; says how many bytes that was.</summary>
    /// <param name="stream">The line.</param>
    /// <param name="buffer">Is overwritten.</param>
    /// <param name="silence">Zero: until nothing is there.</param>
    /// <param name="limit">A line that talks for longer is an error.</param>
    /// <exception cref="InvalidDataException">It does not fall silent.</exception>
    internal static async ValueTask<int> DiscardAsync(Stream stream, Memory<byte> buffer, TimeSpan silence, TimeSpan limit)
    {
        MonotonicTime last = MonotonicTime.Now + limit;
        int discarded = 0;
        // The kernel is asked what there is, and this step's budget is new: a read that waits for its turn would find nothing.
        await Coroutine.Yield();
        while (await TryReadAsync(stream, buffer, silence) is > 0 and int count)
        {
            discarded += count;
            if (MonotonicTime.Now > last)
                throw new InvalidDataException($"{Describe(stream)} does not fall silent: bytes keep coming that nobody has asked for.");
        }

        return discarded;
    }

    /// <summary>For messages: the path, where it has one.</summary>
    internal static string Describe(Stream stream) => stream is FdStream device ? device.Device : "the line";

    // Streams of Sprig are cut by the deadline itself; only others need its token.
    internal static CancellationToken TokenFor(Stream stream, Deadline deadline) => stream is FdStream ? default : deadline.Token;
}
