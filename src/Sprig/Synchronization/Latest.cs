using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <summary>One value, of which only the newest counts: a sensor's reading, a set point. Writers never wait; readers see the
/// newest and miss what came in between.</summary>
/// <remarks>Loop thread only; from other threads set it by <see cref="CoroutineScheduler.Post"/>. Nothing here allocates, but the
/// enumerator.</remarks>
/// <example><code>
/// await foreach (double celsius in temperature)   // the present value, then each newer one
///     Show(celsius);
/// </code></example>
public sealed class Latest<T> : SynchronizationPrimitive, IAsyncEnumerable<T>
{
    private T? _value;

    /// <summary>Without a value at first.</summary>
    /// <param name="name">For reports and errors; where it is made, unless given.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public Latest(string? name = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : base(new Label("Latest", name, file, line))
    {
    }

    /// <summary>How often it was set.</summary>
    public long Version { get; private set; }

    /// <summary>Whether it was ever set.</summary>
    public bool HasValue => Version > 0;

    /// <summary>Whether <see cref="Shutdown"/> was called.</summary>
    public bool IsShutdown { get; private set; }

    /// <summary>The newest value.</summary>
    /// <exception cref="QueueEmptyException">It was never set.</exception>
    public T Value => HasValue ? _value! : throw new QueueEmptyException($"{this} has no value yet; wait for one with GetAsync.");

    /// <summary>Sets it, and wakes all who wait for a newer one.</summary>
    /// <exception cref="QueueShutdownException">It was shut down.</exception>
    public void Set(T value)
    {
        _waiters.Check();
        if (IsShutdown)
            throw new QueueShutdownException($"{this} was shut down: it can't be set any more.");
        _value = value;
        Version++;
        _waiters.WakeAll();
    }

    /// <summary>The newest value, if there is one.</summary>
    public bool TryGet([MaybeNullWhen(false)] out T value)
    {
        value = _value;
        return HasValue;
    }

    /// <summary>The newest value; waits for the first.</summary>
    /// <inheritdoc cref="GetNewerAsync"/>
    public ValueTask<T> GetAsync(CancellationToken cancellationToken = default) => GetNewerAsync(0, cancellationToken);

    /// <summary>The newest value, once it is newer than <paramref name="version"/>: waits until then.</summary>
    /// <param name="version">The <see cref="Version"/> that was seen.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="QueueShutdownException">It was shut down, and no newer value will come.</exception>
    /// <exception cref="CoroutineKilledException">Killed while it waited.</exception>
    /// <exception cref="DeadlineExceededException">A <see cref="Deadline"/> around the wait has passed.</exception>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<T> GetNewerAsync(long version, CancellationToken cancellationToken = default)
        => await MoveBeyondAsync(version, cancellationToken) ? _value! : throw new QueueShutdownException($"{this} was shut down: no newer value will come.");

    /// <summary>Ends it: those who wait for a newer value get a <see cref="QueueShutdownException"/>, <c>await foreach</c> ends. The
    /// newest value stays.</summary>
    public void Shutdown()
    {
        _waiters.Check();
        IsShutdown = true;
        _waiters.WakeAll();
    }

    /// <summary><c>await foreach</c>: the present value if there is one, then each newer one, until the shutdown.</summary>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Enumerator(this, cancellationToken);

    /// <summary>False when it was shut down and no newer one came.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> MoveBeyondAsync(long version, CancellationToken cancellationToken)
    {
        _waiters.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        await Coroutine.CheckpointAsync();
        while (Version <= version && !IsShutdown)
            await _waiters.WaitAsync(cancellationToken);
        return Version > version;
    }

    private sealed class Enumerator(Latest<T> latest, CancellationToken cancellationToken) : IAsyncEnumerator<T>
    {
        private long _seen;

        public T Current { get; private set; } = default!;

        [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
        public async ValueTask<bool> MoveNextAsync()
        {
            if (!await latest.MoveBeyondAsync(_seen, cancellationToken))
                return false;
            _seen = latest.Version;
            Current = latest._value!;
            return true;
        }

        public ValueTask DisposeAsync() => default;
    }
}
