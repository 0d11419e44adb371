using System.Globalization;
using Sprig.IO.Ports;
using Sprig.Scheduling;

namespace Sprig.Cli.Serial;

/// <summary>How long single bytes take from one port to another, or back to the same.</summary>
internal sealed class RoundTrips
{
    private const int Tries = 20;

    /// <summary>So many in a row that do not come: nothing will.</summary>
    private const int GivesUpAfter = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);
    private readonly List<TimeSpan> _times = [];
    private int _tried;

    /// <summary>Of those that came.</summary>
    internal IReadOnlyList<TimeSpan> Times => _times;

    /// <summary>Sends one byte after the other; the first is not counted, it pays for the compiler.</summary>
    internal static async Task<RoundTrips> MeasureAsync(SerialPort from, SerialPort to)
    {
        RoundTrips trips = new();
        int missing = await trips.TryOneAsync(from, to) is null ? 1 : 0;
        while (trips._tried < Tries && missing < GivesUpAfter)
        {
            trips._tried++;
            if (await trips.TryOneAsync(from, to) is { } time)
            {
                trips._times.Add(time);
                missing = 0;
            }
            else
            {
                missing++;
            }
        }

        trips._times.Sort();
        return trips;
    }

    /// <summary>How long one took; null: it has not come.</summary>
    private async Task<TimeSpan?> TryOneAsync(SerialPort from, SerialPort to)
    {
        // No XON, no XOFF, and each differs from the one before it: what comes late is not taken for it.
        byte[] sent = [(byte)('A' + _tried)], received = new byte[64];
        TimeSpan? time = null;
        MonotonicTime start = MonotonicTime.Now;
        await Deadline.TryRunAsync(s_patience, async () =>
        {
            await from.WriteAsync(sent);
            while (time is null)
            {
                int count = await to.ReadAsync(received);
                MonotonicTime end = MonotonicTime.Now;
                if (received.AsSpan(0, count).Contains(sent[0]))
                    time = end - start;
            }
        });
        return time;
    }

    public override string ToString() => _times.Count == 0
        ? string.Create(CultureInfo.InvariantCulture, $"single bytes: none of {_tried} came")
        : string.Create(CultureInfo.InvariantCulture,
            $"single bytes: {_times.Count} of {_tried} came, after {Show(_times[0])} ms at least, {Show(_times[_times.Count / 2])} ms in the middle, {Show(_times[^1])} ms at most");

    private static string Show(TimeSpan time) => time.TotalMilliseconds.ToString("0.000", CultureInfo.InvariantCulture);
}
