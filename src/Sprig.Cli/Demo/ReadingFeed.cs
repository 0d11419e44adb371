using Sprig.Scheduling;

namespace Sprig.Cli.Demo;

/// <summary>The newest reading, and the coroutines that wait for one newer than they have.</summary>
internal sealed class ReadingFeed
{
    private readonly WaitQueue _waiters = new("a reading");

    internal Reading? Latest { get; private set; }

    internal long Count { get; private set; }

    internal void Publish(Reading reading)
    {
        Latest = reading;
        Count++;
        _waiters.WakeAll();
    }

    /// <summary>The newest reading after the <paramref name="seen"/>-th; a slow taker misses those between.</summary>
    internal async ValueTask<(Reading Reading, long Number)> NextAsync(long seen)
    {
        while (Count <= seen)
            await _waiters.WaitAsync();
        return (Latest!, Count);
    }
}
