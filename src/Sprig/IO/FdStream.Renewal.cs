using System.Diagnostics.CodeAnalysis;
using Sprig.Linux;
using Sprig.Polling;

namespace Sprig.IO;

/// <content>Closed, and opened again: a port may be, on another descriptor and under another name.</content>
public abstract partial class FdStream
{
    /// <summary>Wakes the waiters with <see cref="ObjectDisposedException"/>, then closes the descriptor. On another thread
    /// than the loop's it is the loop that does so, soon.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            FdWatcher? watcher = _watcher;
            Action close = DescriptorToClose();
            if (_scheduler is null || _scheduler.IsOnLoopThread || !_scheduler.Inbox.Post(null, (Action)(() => CloseNow(watcher, close)), null))
                CloseNow(watcher, close);
        }

        base.Dispose(disposing);
    }

    private protected bool IsClosed => _disposed;

    /// <summary>An awaited read waits.</summary>
    private protected bool IsReading => _watcher is { IsReading: true, IsClosed: false };

    /// <summary>Wakes a read that waits: what it waits for was read ahead by one who blocked, and no event tells of it any more.</summary>
    private protected void TellReader()
    {
        if (!IsReading || _watcher is not { } watcher || _scheduler is not { } scheduler)
            return;
        if (scheduler.IsOnLoopThread)
            watcher.OnEvents(EpollCalls.In);
        else
            scheduler.Inbox.Post(null, (Action)(() => watcher.OnEvents(EpollCalls.In)), null);
    }

    /// <summary>It is open again, on a descriptor that stands in its place already. What waited on the one before was woken, or
    /// will be: its watcher is none of ours any more.</summary>
    private protected void Renew(string device)
    {
        Name(device);
        _watcher = null;
        _scheduler = null;
        _disposed = false;
    }

    /// <summary>Its device has gone and is to come back: those who wait on the descriptor are woken with
    /// <see cref="ObjectDisposedException"/>, and it may be closed, though the stream is not.</summary>
    private protected void LetGo()
    {
        FdWatcher? watcher = _watcher;
        _watcher = null;
        watcher?.Dispose();
    }

    /// <summary>While it is closed.</summary>
    [MemberNotNull(nameof(Device), nameof(ReadWait), nameof(WriteWait))]
    private protected void Name(string device)
    {
        Device = device;
        ReadWait = $"data from {device}";
        WriteWait = $"room to write to {device}";
    }

    private protected virtual Exception ClosedError() => new ObjectDisposedException(GetType().FullName);

    private protected void ThrowIfClosed()
    {
        if (_disposed)
            throw ClosedError();
    }

    /// <summary>It was closed since, and perhaps opened again: what it has now is not what was waited for.</summary>
    private protected void ThrowIfLeft(FdWatcher watcher)
    {
        if (watcher.IsClosed || watcher != _watcher)
            throw new ObjectDisposedException(watcher.Device);
    }

    private static void CloseNow(FdWatcher? watcher, Action close)
    {
        watcher?.Dispose();
        close();
    }
}
