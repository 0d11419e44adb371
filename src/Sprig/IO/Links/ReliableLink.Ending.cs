using Sprig.Scheduling;

namespace Sprig.IO.Links;

/// <content>How it ends, and what is told of that.</content>
public sealed partial class ReliableLink
{
    private bool _isDisposed;
    private bool _isParting;

    /// <summary>Ends in order: writes the end behind what was written, waits until all was acknowledged, tells the other side that
    /// nobody reads any more, and disposes the line unless it is left open. Whoever still reads or writes gets
    /// <see cref="ObjectDisposedException"/>.</summary>
    /// <exception cref="IOException">The last bytes were not acknowledged, and nobody was told so before: none for
    /// <see cref="ReliableLinkOptions.CloseTimeout"/>, or because the session ended.</exception>
#pragma warning disable CA2215 // It would call Dispose.
    public override async ValueTask DisposeAsync()
#pragma warning restore CA2215
    {
        if (_isDisposed)
            return;
        if (CoroutineScheduler.CurrentOrNull != _scheduler || _scheduler.Running is null)
        {
            Dispose();
            return;
        }

        bool wasAlive = _machine.IsOpen && _machine.End == LinkEnd.None;
        _isDisposed = true;
        WakeWaiters();
        try
        {
            if (wasAlive)
                await SayFarewellAsync();
        }
        finally
        {
            _machine.Abort();
            await StopAsync();
        }

        if (wasAlive && _machine.Unacknowledged > 0)
            throw Failure();
    }

    private async ValueTask SayFarewellAsync()
    {
        _machine.WriteEnd(_scheduler.Now);
        _work.WakeOne();
        while (!_machine.IsAllAcknowledged && _machine.End == LinkEnd.None)
        {
            long before = _machine.Unacknowledged;
            long due = MonotonicTime.DueAfter(_options.CloseTimeout, nameof(ReliableLinkOptions.CloseTimeout));
            if (!await _drainers.WaitAsync(due) && _machine.Unacknowledged == before)
                return;
        }

        _isParting = true;
        if (_machine.End == LinkEnd.None)
            _machine.Part(_scheduler.Now);
        _work.WakeOne();
        while (!_machine.HasParted)
        {
            // It takes its time; but a line that takes nothing holds nobody up.
            TimeSpan patience = _options.CloseTimeout == Timeout.InfiniteTimeSpan || _options.CloseTimeout > s_lastWords ? _options.CloseTimeout : s_lastWords;
            long due = MonotonicTime.DueAfter(patience, nameof(ReliableLinkOptions.CloseTimeout));
            if (!await _drainers.WaitAsync(due) && _isSending)
                return;
        }
    }

    /// <summary>Ends it at once: what was not sent never will be, and the other side gets an error. Disposing in order is
    /// <see cref="DisposeAsync"/>.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            if (_scheduler.IsOnLoopThread)
                Abort();
            else if (!_scheduler.Inbox.Post(null, (Action)Abort, null))
                DisposeLine();
        }

        base.Dispose(disposing);
    }

    private void Abort()
    {
        _machine.Abort();
        WakeWaiters();
        _sender.AddDoneCallback(_ => DisposeLine());
        // It says so to the other side if it can at once; a line that takes nothing holds nobody up.
        if (_isSending)
            _sender.Kill();
        _receiver.Kill();
        _work.WakeOne();
    }

    private async ValueTask StopAsync()
    {
        _work.WakeOne();
        if (_isSending)
            _sender.Kill();
        _receiver.Kill();
        await _sender.JoinAsync();
        await _receiver.JoinAsync();
        if (!_options.LeaveOpen)
            await _line.DisposeAsync();
    }

    private void DisposeLine()
    {
        if (!_options.LeaveOpen)
            _line.Dispose();
    }

    private Exception Failure()
    {
        long missing = _machine.Unacknowledged;
        string rest = missing == 0 ? "" : $" {missing} bytes that were written were not acknowledged.";
        return _machine.End switch
        {
            LinkEnd.Aborted => new IOException($"The other side of {Name} has aborted it.{rest}"),
            LinkEnd.Closed => new IOException($"The other side of {Name} has closed it.{rest}"),
            LinkEnd.Restarted => new IOException(
                $"The other side of {Name} was started anew: the session is over. Open another link to go on.{rest}"),
            LinkEnd.Lost => new IOException(
                $"The other side of {Name} is gone, or the line is cut: nothing was acknowledged for {_options.PeerTimeout.TotalSeconds} s.{rest}"),
            LinkEnd.LineFailed => new IOException($"The line of {Name} has failed: {_lineError?.Message}{rest}", _lineError),
            _ when missing > 0 => new IOException($"{Name} was closed, but not in time.{rest}"),
            _ => new ObjectDisposedException(Name),
        };
    }
}
