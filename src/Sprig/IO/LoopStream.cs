using Sprig.Scheduling;

namespace Sprig.IO;

/// <summary>A stream of the loop for code that is not of the loop: libraries that read and write it from threads of the pool, or in
/// flows of their own that outlive the coroutine that began them. Any thread may call it.</summary>
/// <remarks>Two daemons of the loop do the reading and the writing, so nobody's kill or deadline cuts them. Where the call came from
/// the loop thread, what awaits it goes on there. One read and one write at a time; a second is an error, at once. Code of
/// coroutines does better without.</remarks>
/// <example><code>
/// MultiplexingStream channels = await MultiplexingStream.CreateAsync(new LoopStream(port), options);
/// </code></example>
public sealed class LoopStream : AwaitedStream
{
    private readonly Stream _inner;
    private readonly CoroutineScheduler _scheduler;
    private readonly LoopStreamSide _reading;
    private readonly LoopStreamSide _writing;
    private readonly bool _leaveOpen;
    private int _isDisposed;

    /// <summary>Wraps a stream; on the loop.</summary>
    /// <param name="inner">Used through this alone from now on, and disposed with it.</param>
    /// <param name="leaveOpen">Leaves it open when this is disposed.</param>
    /// <exception cref="InvalidOperationException">No scheduler runs on this thread.</exception>
    public LoopStream(Stream inner, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(inner);
        _inner = inner;
        _leaveOpen = leaveOpen;
        _scheduler = CoroutineScheduler.Current;
        _reading = new LoopStreamSide(_scheduler, inner, isReading: true);
        _writing = new LoopStreamSide(_scheduler, inner, isReading: false);
    }

    /// <inheritdoc/>
    public override bool CanRead => Volatile.Read(ref _isDisposed) == 0 && _inner.CanRead;

    /// <inheritdoc/>
    public override bool CanWrite => Volatile.Read(ref _isDisposed) == 0 && _inner.CanWrite;

    /// <summary>Reads as the stream below does.</summary>
    /// <exception cref="InvalidOperationException">Somebody is reading.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed, or its loop has ended.</exception>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : _reading.Begin(buffer, cancellationToken);

    /// <summary>Writes as the stream below does.</summary>
    /// <exception cref="InvalidOperationException">Somebody is writing.</exception>
    /// <inheritdoc cref="ReadAsync(Memory{byte}, CancellationToken)"/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        => cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled(cancellationToken) : _writing.BeginWrite(buffer, cancellationToken);

    /// <summary>Ends both daemons and disposes the stream below, on the loop, as its own DisposeAsync does.</summary>
#pragma warning disable CA2215 // It would call Dispose.
    public override async ValueTask DisposeAsync()
#pragma warning restore CA2215
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _scheduler.PostOrDrop(
            () => Coroutine.Spawn(() => EndAsync(done), new SpawnOptions { Name = "the end of a stream" }),
            () => EndWithoutLoop(done));
        await done.Task;
    }

    /// <summary>As <see cref="DisposeAsync"/>, without waiting for it.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _ = DisposeAsync().AsTask();
        base.Dispose(disposing);
    }

    private async Task EndAsync(TaskCompletionSource done)
    {
        try
        {
            await _reading.EndAsync();
            await _writing.EndAsync();
            if (!_leaveOpen)
                await _inner.DisposeAsync();
            done.SetResult();
        }
#pragma warning disable CA1031 // It is for the one who disposes.
        catch (Exception e)
#pragma warning restore CA1031
        {
            done.SetException(e);
        }
    }

    private void EndWithoutLoop(TaskCompletionSource done)
    {
        if (!_leaveOpen)
            _inner.Dispose();
        done.SetResult();
    }
}
