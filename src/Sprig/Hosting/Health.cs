using Sprig.Scheduling;

namespace Sprig.Hosting;

/// <summary>Whether the program does what it promised: all heartbeats are in time. That the loop turns is shown by the asking.</summary>
internal sealed class Health
{
    private static readonly TimeSpan s_mostOften = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly List<Heartbeat> _heartbeats = [];

    internal static Health OfProcess { get; } = new();

    /// <summary>Is told of a heartbeat that has come to be overdue, with a sentence, and of one that came again, with null; the journal when null.</summary>
    internal Action<Heartbeat, string?>? Reported { get; set; }

    internal void Add(Heartbeat heartbeat)
    {
        lock (_gate)
            _heartbeats.Add(heartbeat);
    }

    internal void Remove(Heartbeat heartbeat)
    {
        lock (_gate)
        {
            if (!_heartbeats.Remove(heartbeat) || !heartbeat.IsReported)
                return;
            // Nobody waits for it any more: as good as come.
            heartbeat.IsReported = false;
            Report(heartbeat, null);
        }
    }

    /// <summary>Feeds a watchdog before its time is over, as long as all is well, until disposed. Loop thread only.</summary>
    /// <param name="timeout">The watchdog's: it is fed three times in it, so that one feed may come late.</param>
    /// <param name="feed">Called on the loop.</param>
    internal IDisposable Feed(TimeSpan timeout, Action feed)
    {
        TimeSpan period = timeout / 3;
        return CoroutineScheduler.Current.Housekeep(period < s_mostOften ? s_mostOften : period, () =>
        {
            if (IsGood(MonotonicTime.Now))
                feed();
        });
    }

    internal bool IsGood(MonotonicTime now)
    {
        bool good = true;
        lock (_gate)
        {
            foreach (Heartbeat heartbeat in _heartbeats)
            {
                bool overdue = heartbeat.IsOverdue(now);
                good &= !overdue;
                if (overdue == heartbeat.IsReported)
                    continue;
                heartbeat.IsReported = overdue;
                Report(heartbeat, overdue ? heartbeat.DescribeOverdue(now) : null);
            }
        }

        return good;
    }

    private void Report(Heartbeat heartbeat, string? overdue)
    {
        if (Reported is { } told)
            told(heartbeat, overdue);
        else
            JournalReports.Write(JournalWriter.OfProcess, heartbeat, overdue);
    }
}
