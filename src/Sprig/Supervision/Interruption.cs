using System.Runtime.ExceptionServices;
using Sprig.Scheduling;

namespace Sprig.Supervision;

/// <summary>The kill or the deadline that came to a coroutine while it has others to clean up first: held, and thrown on when that
/// is done.</summary>
/// <param name="coroutine">The one that it came to.</param>
internal sealed class Interruption(Coroutine coroutine)
{
    private ExceptionDispatchInfo? _held;
    private Deadline? _deadline;
    private bool _isFinal;

    internal bool IsHeld => _held is not null;

    /// <summary>Of what a wait has thrown that throws no errors of others.</summary>
    /// <returns>False: it is an error of another kind.</returns>
    internal bool TryHold(Exception exception) => TryHold(exception, (exception as DeadlineExceededException)?.Deadline);

    /// <summary>Of what a block has thrown, which may be anything.</summary>
    /// <param name="exception">What it threw.</param>
    /// <param name="around">The innermost of the deadlines around the block.</param>
    /// <returns>False: it is an error of the block's own.</returns>
    internal bool TryHold(Exception exception, Deadline? around)
    {
        if (exception is OperationCanceledException && coroutine.IsKillRequested)
        {
            if (!_isFinal)
                HoldFinally(exception);
            return true;
        }

        while (around is not null && !around.Caused(exception))
            around = around.Outer;
        if (around is null)
            return false;
        // Of several the outermost goes on, past the catchers of the inner ones; a kill past them all.
        if (_held is null || (!_isFinal && IsAround(around, _deadline)))
        {
            _held = ExceptionDispatchInfo.Capture(exception);
            _deadline = around;
        }

        return true;
    }

    /// <summary>Of what a wait has thrown, be it what it may.</summary>
    internal void Hold(Exception exception)
    {
        if (!TryHold(exception))
            HoldFinally(exception);
    }

    /// <summary>Waits for the end of another, whatever comes: that is held, and the other is killed when <paramref name="grace"/>
    /// is over, counted from then on, or the grace time of the kill itself.</summary>
    internal async Task OutliveAsync(Coroutine other, TimeSpan grace)
    {
        TimeLimit limit = default;
        bool isHopeless = false;
        while (other.IsAlive)
        {
            try
            {
                if (await other.JoinAsync(limit.Left))
                    return;
                other.Kill();
                limit = default;
            }
#pragma warning disable CA1031 // It is thrown on when the other has ended.
            catch (Exception e) when (!isHopeless)
#pragma warning restore CA1031
            {
                bool isFirst = !IsHeld;
                if (!TryHold(e))
                {
                    // The loop has found a deadlock: the kill may open it, and if not, it will say so again.
                    isHopeless = true;
                    HoldFinally(e);
                }

                if (isHopeless || coroutine.IsStraggler)
                    other.Kill();
                else if (isFirst)
                    limit = new TimeLimit(grace);
            }
        }
    }

    /// <summary>Throws it on, if there is one.</summary>
    internal void Throw() => _held?.Throw();

    /// <summary>Whatever deadline comes then, this goes on.</summary>
    private void HoldFinally(Exception exception)
    {
        _held = ExceptionDispatchInfo.Capture(exception);
        _isFinal = true;
    }

    private static bool IsAround(Deadline deadline, Deadline? inner)
    {
        while (inner is not null && inner != deadline)
            inner = inner.Outer;
        return inner is not null;
    }
}
