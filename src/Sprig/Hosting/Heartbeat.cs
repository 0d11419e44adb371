using System.Globalization;
using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Hosting;

/// <summary>A promise to come round at least so often. While one is overdue no watchdog is fed, neither the service manager's nor the
/// board's, and the program is started again: a coroutine that hangs does not stop the loop, which alone could not tell.</summary>
/// <remarks>Looked at when a watchdog is to be fed: without one nobody looks. Any thread.</remarks>
public sealed class Heartbeat : IDisposable
{
    private readonly Health _health;
    private readonly TimeSpan _every;
    private readonly Coroutine? _coroutine;
    private readonly string _site;
    private long _last;

    internal Heartbeat(Health health, string name, TimeSpan every, string site)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(every, TimeSpan.Zero);
        _health = health;
        _every = every;
        _site = site;
        _coroutine = Coroutine.CurrentOrNull;
        Name = name;
        Beat();
        health.Add(this);
    }

    /// <summary>Its name in reports.</summary>
    public string Name { get; }

    /// <summary>Whether it was reported as overdue, and has not come since. The health's, under its lock.</summary>
    internal bool IsReported { get; set; }

    /// <summary>The coroutine that has made it, and where that was spawned; null on a thread without one.</summary>
    internal (string Name, string SpawnedAt)? Of => _coroutine is null ? null : (_coroutine.Name, _coroutine.SpawnedAt);

    /// <summary>From now on <see cref="Beat"/> is expected, until disposed.</summary>
    /// <param name="name">Names it in reports.</param>
    /// <param name="every">At least so often. Leave room for what may take longer now and then.</param>
    /// <param name="file">Filled in by the compiler: it stands in reports.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public static Heartbeat Expect(string name, TimeSpan every, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => new(Health.OfProcess, name, every, $"{file}:{line}");

    /// <summary>Here I am.</summary>
    public void Beat() => Volatile.Write(ref _last, MonotonicTime.Now.Nanoseconds);

    /// <summary>Nothing is promised any more.</summary>
    public void Dispose() => _health.Remove(this);

    /// <summary>"heartbeat 'name'", for reports.</summary>
    public override string ToString() => $"heartbeat '{Name}'";

    internal bool IsOverdue(MonotonicTime now) => SinceLast(now) > _every;

    /// <summary>Who hangs, since when, spawned where, as a sentence.</summary>
    internal string DescribeOverdue(MonotonicTime now)
        => string.Create(CultureInfo.InvariantCulture,
            $"{this}{Owner} is overdue: expected every {_every.TotalSeconds:0.###} s, it came {SinceLast(now).TotalSeconds:0.0} s ago{Doing}.");

    private TimeSpan SinceLast(MonotonicTime now) => now - new MonotonicTime(Volatile.Read(ref _last));

    private string Owner => _coroutine is null ? $" (made at {_site})" : $" of {_coroutine} (spawned at {_coroutine.SpawnedAt})";

    // Only its own loop may ask a coroutine what it does.
    private string Doing
        => _coroutine is null || CoroutineScheduler.CurrentOrNull?.Coroutines.Contains(_coroutine) != true ? ""
            : $"; it waits for {_coroutine.BlockedOn ?? "its turn"}";
}
