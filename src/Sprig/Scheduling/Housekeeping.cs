using Sprig.Polling;

namespace Sprig.Scheduling;

/// <summary>The chores of one run (see <see cref="CoroutineScheduler.Housekeep"/>). Their times stand apart from the coroutines' timers:
/// what nobody waits for must not look like something that may come.</summary>
internal sealed class Housekeeping(CoroutineScheduler scheduler)
{
    private readonly TimerHeap _timers = new();

    private CoroutineScheduler Scheduler => scheduler;

    /// <summary>When the next one is due; the end of time when there is none.</summary>
    internal long NextDue => _timers.NextDue;

    internal IDisposable Add(TimeSpan period, Action callback)
    {
        Chore chore = new(this, period, callback);
        _timers.Add(chore, (new MonotonicTime(scheduler.Now) + period).Nanoseconds);
        return chore;
    }

    internal void RunDue(long now) => _timers.FireDue(now);

    private sealed class Chore(Housekeeping house, TimeSpan period, Action callback) : Waiter, IDisposable
    {
        // By another thread, perhaps, whose post the loop has not seen yet.
        private volatile bool _ended;

        internal override void OnDue()
        {
            if (_ended)
                return;
            // First, since the callback may end it. One that comes a period too late does not catch up.
            MonotonicTime now = new(house.Scheduler.Now);
            MonotonicTime next = new MonotonicTime(Due) + period;
            house._timers.Add(this, (next > now ? next : now + period).Nanoseconds);
            ExecutionContext? flow = ExecutionContext.Capture();
            try
            {
                callback();
            }
#pragma warning disable CA1031 // As with the loop's other callbacks: it must not end the loop.
            catch (Exception e)
#pragma warning restore CA1031
            {
                house.Scheduler.Failures.ReportCallback(null, e);
            }
            finally
            {
                if (flow is not null)
                    ExecutionContext.Restore(flow);
            }
        }

        public void Dispose()
        {
            _ended = true;
            if (house.Scheduler.IsOnLoopThread)
                house._timers.Remove(this);
            else
                house.Scheduler.Inbox.Post(null, (Action)(() => house._timers.Remove(this)), null);
        }
    }
}
