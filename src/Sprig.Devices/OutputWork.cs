using Sprig.Scheduling;

namespace Sprig.Devices;

/// <summary>One work of a <see cref="WorkSlot"/>. It drives after a wait only if the wait says so: the output may have been taken from
/// it meanwhile, even in the very tick in which the wait was over.</summary>
internal sealed class OutputWork(WorkSlot slot)
{
    private Deadline? _scope;

    /// <summary>In the coroutine of the work: what the taking of the output interrupts.</summary>
    internal Deadline OpenScope() => _scope = Deadline.After(Timeout.InfiniteTimeSpan);

    internal void End() => _scope?.Expire();

    /// <summary>Sleeps, then goes on only if the output is still this work's.</summary>
    /// <exception cref="OutputTakenException">It is not.</exception>
    internal async ValueTask SleepUntilAsync(MonotonicTime due)
    {
        await Coroutine.SleepUntil(due);
        ThrowIfTaken();
    }

    /// <summary>Drives each value as it comes, until there are no more.</summary>
    internal async Task FollowAsync<T>(IAsyncEnumerable<T> values, Action<T> write)
    {
        await foreach (T value in values.WithCancellation(_scope!.Token))
        {
            ThrowIfTaken();
            write(value);
        }
    }

    /// <summary>The end of a phase that began when the one before was due, so that lateness does not add up. Where it is over already it
    /// begins now: what was missed is not made up for in a rush.</summary>
    internal static MonotonicTime Next(MonotonicTime due, TimeSpan length)
    {
        MonotonicTime next = due + length;
        MonotonicTime now = MonotonicTime.Now;
        return next < now ? now + length : next;
    }

    private void ThrowIfTaken()
    {
        if (!slot.IsHeldBy(this))
            throw new OutputTakenException();
    }
}
