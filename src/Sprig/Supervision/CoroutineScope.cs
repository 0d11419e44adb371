using Sprig.Scheduling;

namespace Sprig.Supervision;

/// <summary>A block whose children do not outlive it: trio's nursery. When a child fails, or the block itself, all the others are
/// killed, their clean-up is awaited, and whatever has failed comes in one <see cref="AggregateException"/>.</summary>
/// <remarks>Loop thread only. The block runs in the coroutine that called, and is interrupted by a <see cref="Deadline"/> of the scope;
/// an await of a foreign task in it is cut only by the <see cref="Token"/>. A kill of the caller, or a deadline around the scope, kills the
/// children, and goes on outwards as it is when they have ended; with errors among them, those go instead. A child that
/// somebody kills has not failed. A child that does not end, even when its waits throw because its grace time is over, holds the scope up.</remarks>
/// <example><code>
/// await CoroutineScope.RunAsync(async scope =>
/// {
///     _ = scope.Spawn(() => BlinkAsync(led));
///     _ = scope.Spawn(() => ListenAsync(port));
///     await button.WaitAsync();
///     scope.Cancel();
/// });
/// </code></example>
public sealed partial class CoroutineScope : CoroutineCollection
{
    private readonly Deadline _deadline;
    private readonly List<Exception> _errors = [];
    private readonly Interruption _interruption;
    private bool _isClosed;

    private CoroutineScope()
    {
        _interruption = new Interruption(Coroutine.Current);
        _deadline = Deadline.After(Timeout.InfiniteTimeSpan);
        Members.Enter();
    }

    /// <summary>Whether the children and the block are being ended: by <see cref="Cancel"/>, an error, or an interrupt of the caller.</summary>
    public bool IsCanceled { get; private set; }

    /// <summary>Cancelled with the scope, and when the caller is killed: for awaits of foreign code in the block. The children have
    /// tokens of their own: <see cref="Coroutine.Token"/>.</summary>
    /// <exception cref="ObjectDisposedException">The block has ended, and never had asked for it.</exception>
    public CancellationToken Token => _deadline.Token;

    /// <summary>Runs a block with a scope, and goes on when the block and all the scope's children have ended. Returns also when the
    /// scope was cancelled by <see cref="Cancel"/>.</summary>
    /// <param name="body">Runs inline, in the calling coroutine.</param>
    /// <exception cref="AggregateException">The block or children have failed: all their errors, in the order in which they came.</exception>
    /// <exception cref="CoroutineKilledException">The caller was killed.</exception>
    /// <exception cref="DeadlineExceededException">A <see cref="Deadline"/> around the scope has passed.</exception>
    /// <exception cref="InvalidOperationException">No coroutine is running on this thread.</exception>
    public static Task RunAsync(Func<CoroutineScope, Task> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        CoroutineScope scope = new();
        return scope.RunToEndAsync(() => body(scope));
    }

    /// <typeparam name="T">The result's type.</typeparam>
    /// <returns>What the block returned.</returns>
    /// <exception cref="OperationCanceledException">The scope was cancelled before the block had returned.</exception>
    /// <inheritdoc cref="RunAsync(Func{CoroutineScope, Task})"/>
    public static async Task<T> RunAsync<T>(Func<CoroutineScope, Task<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        CoroutineScope scope = new();
        Task<T>? block = null;
        await scope.RunToEndAsync(() => block = body(scope));
        return block is { IsCompletedSuccessfully: true } ? await block
            : throw new OperationCanceledException("The scope was cancelled before its block had a result.");
    }

    /// <summary>Ends the block, at its present wait or the next one, and all children. That is no error. Again: nothing.</summary>
    /// <exception cref="InvalidOperationException">This is another thread than the scope's.</exception>
    public void Cancel()
    {
        Members.Enter();
        if (IsCanceled || _isClosed)
            return;
        IsCanceled = true;
        _deadline.Expire();
        foreach (Coroutine child in Members.Snapshot())
            child.Kill();
    }

    /// <summary>For reports.</summary>
    public override string ToString() => $"a scope of {Count} coroutines";

    private protected override void Open()
    {
        Members.Enter();
        if (_isClosed)
            throw new InvalidOperationException("This scope is closed: its block and all its children have ended. Spawn while one of them runs.");
    }

    private protected override void Adopt(Coroutine coroutine)
    {
        base.Adopt(coroutine);
        // It has come too late: like its siblings, it is killed.
        if (IsCanceled)
            coroutine.Kill();
    }

    private protected override void OnLeft(Coroutine coroutine)
    {
        if (!WasStarting(coroutine) && coroutine.State == CoroutineState.Faulted && !_isClosed)
            Fail(coroutine.Exception!);
    }

    private void Fail(Exception error)
    {
        _errors.Add(error);
        Cancel();
    }

    private async Task RunToEndAsync(Func<Task> body)
    {
        try
        {
            using (_deadline)
                await RunBlockAsync(body);
            await CloseAsync();
        }
        finally
        {
            _isClosed = true;
        }

        if (_errors.Count > 0)
            throw new AggregateException("A coroutine scope has failed.", _errors);
        _interruption.Throw();
    }

    private async Task RunBlockAsync(Func<Task> body)
    {
        try
        {
            await (body() ?? throw new InvalidOperationException("The scope's block returned null instead of a task."));
        }
#pragma warning disable CA1031 // All errors of a scope are thrown together, when everybody has ended.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (_interruption.TryHold(e, _deadline.Outer))
                Cancel();
            // Whatever cancellation a cancelled block ends with (a foreign await saw the token, a killed child was awaited) is the scope's.
            else if (!_deadline.Caused(e) && !(IsCanceled && e is OperationCanceledException))
                Fail(e);
        }
    }

    private async Task CloseAsync()
    {
        while (Members.First is { } child)
        {
            try
            {
                // A join sees when a child waits for a lock that is held here. When all are killed, that opens.
                if (IsCanceled)
                    await Members.UntilEmptyAsync();
                else
                    await child.JoinAsync();
                Members.LeaveIfEnded(child);
            }
#pragma warning disable CA1031 // As above.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (_interruption.TryHold(e))
                {
                    Cancel();
                    continue;
                }

                bool isHopeless = IsCanceled;
                Fail(e);
                if (isHopeless)
                    return;
            }
        }
    }
}
