using Sprig.Scheduling;
using Sprig.Testing;

namespace Conformance.Models;

/// <summary>A test clock that tells when the loop looks at it in order to fire what is due: the loop does that between the steps
/// of coroutines, with its own context current.</summary>
internal sealed class ObservedClock : VirtualClock
{
    private readonly TestClock _inner = new();
    private SynchronizationContext? _loop;

    /// <summary>Called with the time before the timers due by it are fired.</summary>
    internal Action<long> BeforeFiring { get; set; } = _ => { };

    /// <summary>Called when nobody is ready, before time moves on.</summary>
    internal Action WhenIdle { get; set; } = () => { };

    public override long NextDue => _inner.NextDue;

    /// <summary>Nothing outside takes part: where a failure leaves actors waiting, that is told at once.</summary>
    public override TimeSpan OutsidePatience => TimeSpan.Zero;

    internal long Now => _inner.GetTimestamp();

    internal TimeSpan Elapsed => _inner.Elapsed;

    /// <summary>To be awaited by main before there is anything to observe.</summary>
    internal async Task LearnContextAsync()
    {
        CoroutineScheduler.Current.Post(() => _loop = SynchronizationContext.Current);
        while (_loop is null)
            await Coroutine.Yield();
    }

    /// <summary>A long step.</summary>
    internal void Advance(TimeSpan span) => _inner.Advance(span);

    public override void AdvanceTo(long timestamp)
    {
        WhenIdle();
        _inner.AdvanceTo(timestamp);
    }

    public override long GetTimestamp()
    {
        long now = _inner.GetTimestamp();
        if (_loop is not null && SynchronizationContext.Current == _loop)
            BeforeFiring(now);
        return now;
    }
}
