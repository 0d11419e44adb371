using System.Runtime.ExceptionServices;
using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Sprig.Supervision;

/// <summary>One enumeration of a map through a pool. A feeder reads the source and submits; the reader waits for what is next in the
/// line: in order that is whatever was submitted, else whatever has ended.</summary>
internal sealed class PoolMapRun<TSource, TResult>(PoolMapping<TSource, TResult> mapping, CancellationToken cancellationToken) : IAsyncEnumerator<TResult>
{
    private readonly AsyncQueue<PoolWork<TResult>> _line = new(name: "results");
    private readonly AsyncSemaphore _room = new(mapping.Window, name: "the window of a map");

    /// <summary>Submitted, and not handed out.</summary>
    private readonly HashSet<PoolWork<TResult>> _open = [];
    private Coroutine? _feeder;
    private PoolWork<TResult>? _next;
    private ExceptionDispatchInfo? _sourceError;
    private DaemonRule _daemon;

    /// <summary>Submitted, and not in the line.</summary>
    private int _toCome;
    private bool _isRead;
    private bool _isOver;

    public TResult Current { get; private set; } = default!;

    public async ValueTask<bool> MoveNextAsync()
    {
        if (_isOver)
            return false;
        _feeder ??= SpawnFeeder();
        try
        {
            // Kept here while it is waited for: an interrupt loses nothing.
            _next ??= await _line.GetAsync(cancellationToken);
        }
        catch (QueueShutdownException)
        {
            _isOver = true;
            _sourceError?.Throw();
            // Killed before its first step it has left nothing there.
            await _feeder;
            return false;
        }

        if (!_next.IsCompleted)
            await _next.WaitAsync(cancellationToken);
        PoolWork<TResult> work = _next;
        _next = null;
        _open.Remove(work);
        _room.Release();
        Current = work.Result;
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        _isOver = true;
        if (_feeder is null || (!_feeder.IsAlive && _open.Count == 0))
            return;
        List<Coroutine> ending = [_feeder];
        _feeder.Kill();
        foreach (PoolWork<TResult> work in _open)
        {
            if (!work.Cancel() && work.Coroutine is { } coroutine)
                ending.Add(coroutine);
        }

        _open.Clear();
        foreach (Coroutine coroutine in ending)
            coroutine.Kill();
        Interruption interruption = new(Coroutine.Current);
        foreach (Coroutine coroutine in ending)
            await interruption.OutliveAsync(coroutine, TimeSpan.Zero);
        mapping.Sweep();
        interruption.Throw();
    }

    // It is there for the reader alone: where he has gone without a word, it holds no run up.
    private Coroutine SpawnFeeder()
    {
        _daemon = Coroutine.Current.Daemon;
        DaemonRule rule = _daemon == DaemonRule.NotDaemon ? DaemonRule.UntilWorkEnds : _daemon;
        Coroutine feeder = Coroutine.Spawn(FeedAsync, new SpawnOptions { Name = mapping.Name, Daemon = rule });
        feeder.AddDoneCallback(_ =>
        {
            _isRead = true;
            CloseIfAllIsThere();
        });
        return feeder;
    }

    private async Task FeedAsync()
    {
        try
        {
            await using IAsyncEnumerator<TSource> items = mapping.Source.GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                // Before the source is asked: what it gives has its place then.
                await _room.AcquireAsync(cancellationToken);
                if (!await items.MoveNextAsync())
                    break;
                Submit(items.Current);
            }
        }
#pragma warning disable CA1031 // Whatever it is, the reader gets it behind the last result.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _sourceError = ExceptionDispatchInfo.Capture(e);
        }
    }

    private void Submit(TSource item)
    {
        PoolWork<TResult> work = mapping.Submit(item, _daemon);
        _open.Add(work);
        _toCome++;
        if (mapping.IsOrdered)
            Add(work);
        else
            work.AddDoneCallback(_ => Add(work));
    }

    private void Add(PoolWork<TResult> work)
    {
        _toCome--;
        _line.PutNoWait(work);
        CloseIfAllIsThere();
    }

    private void CloseIfAllIsThere()
    {
        if (_isRead && _toCome == 0)
            _line.Shutdown();
    }
}
