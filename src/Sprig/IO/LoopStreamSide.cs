using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;
using Sprig.Scheduling;

namespace Sprig.IO;

/// <summary>One direction of a <see cref="LoopStream"/>: a request from any thread, and the daemon that does it.</summary>
internal sealed class LoopStreamSide : IValueTaskSource<int>, IValueTaskSource, IPost
{
    private const int Free = 0;
    private const int Taken = 1;
    private const int Ended = 2;

    private static readonly Action<object?> s_hand = static self => ((LoopStreamSide)self!).Hand();

    private readonly CoroutineScheduler _scheduler;
    private readonly Stream _inner;
    private readonly bool _isReading;
    private readonly WaitQueue _requests;
    private readonly Coroutine _daemon;
    private ManualResetValueTaskSourceCore<int> _source;
    private Memory<byte> _buffer;
    private CancellationToken _token;
    private bool _isHanded;
    private int _state;

    internal LoopStreamSide(CoroutineScheduler scheduler, Stream inner, bool isReading)
    {
        _scheduler = scheduler;
        _inner = inner;
        _isReading = isReading;
        string name = isReading ? "the reads of other code" : "the writes of other code";
        _requests = new WaitQueue(name);
        _daemon = Coroutine.Spawn(ServeAsync, new SpawnOptions { Name = name, Daemon = DaemonRule.UntilWorkEnds });
    }

    /// <summary>Any thread.</summary>
    internal ValueTask<int> Begin(Memory<byte> buffer, CancellationToken token)
    {
        Take(buffer, token);
        return new ValueTask<int>(this, _source.Version);
    }

    /// <inheritdoc cref="Begin"/>
    internal ValueTask BeginWrite(ReadOnlyMemory<byte> buffer, CancellationToken token)
    {
        // Only read by the one that writes.
        Take(MemoryMarshal.AsMemory(buffer), token);
        return new ValueTask(this, _source.Version);
    }

    /// <summary>On the loop.</summary>
    internal async ValueTask EndAsync() => await _daemon.KillAsync();

    public int GetResult(short token)
    {
        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            // Where it has ended it stays so.
            _source.Reset();
            Interlocked.CompareExchange(ref _state, Free, Taken);
        }
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _source.OnCompleted(continuation, state, token, flags);

    /// <summary>The loop has ended and will never take it.</summary>
    public void Drop() => _source.SetException(new ObjectDisposedException(nameof(LoopStream), "The loop of the stream has ended."));

    private void Take(Memory<byte> buffer, CancellationToken token)
    {
        int before = Interlocked.CompareExchange(ref _state, Taken, Free);
        ObjectDisposedException.ThrowIf(before == Ended, typeof(LoopStream));
        if (before == Taken)
            throw new InvalidOperationException($"The stream is being {(_isReading ? "read" : "written")} already; one at a time.");
        _buffer = buffer;
        _token = token;
        bool isOnLoop = _scheduler.IsOnLoopThread;
        // What came from another thread must not go on on this one.
        _source.RunContinuationsAsynchronously = !isOnLoop;
        if (isOnLoop)
            Hand();
        else if (!_scheduler.Inbox.Post(null, s_hand, this))
            Drop();
    }

    private void Hand()
    {
        if (Volatile.Read(ref _state) == Ended)
        {
            Fail(new ObjectDisposedException(nameof(LoopStream)));
            return;
        }

        _isHanded = true;
        _requests.WakeOne();
    }

    private async Task ServeAsync()
    {
        Exception? end = null;
        try
        {
            while (true)
            {
                while (!_isHanded)
                    await _requests.WaitAsync();
                await ServeOneAsync();
            }
        }
        catch (OperationCanceledException e)
        {
            end = e;
        }
        finally
        {
            Interlocked.Exchange(ref _state, Ended);
            if (_isHanded)
                Fail(new ObjectDisposedException(nameof(LoopStream), end));
        }
    }

    private async ValueTask ServeOneAsync()
    {
        int count = 0;
        Exception? error = null;
        try
        {
            if (_isReading)
                count = await _inner.ReadAsync(_buffer, _token);
            else
                await _inner.WriteAsync(_buffer, _token);
        }
#pragma warning disable CA1031 // It is for the one who asked, but for the end of this daemon.
        catch (Exception e) when (e is not CoroutineKilledException)
#pragma warning restore CA1031
        {
            error = e;
        }

        _isHanded = false;
        if (error is null)
            Succeed(count);
        else
            Fail(error);
    }

    private void Succeed(int count)
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        _source.SetResult(count);
        SynchronizationContext.SetSynchronizationContext(context);
    }

    private void Fail(Exception error)
    {
        _buffer = default;
        _source.SetException(error);
    }
}
