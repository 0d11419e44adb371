using System.Runtime.ExceptionServices;
using Sprig.Scheduling;

namespace Sprig.Devices;

/// <summary>Who drives an output: its user's writes, or one work (a blink, a fade, a follow), which any write ends. Each work is a
/// daemon coroutine named by device and line.</summary>
/// <param name="device">As it stands in the coroutine's name: "the LED on line 17".</param>
/// <param name="rest">Drives the state in which a work that was killed, or failed, leaves the output.</param>
internal sealed class WorkSlot(string device, Action rest)
{
    private OutputWork? _work;

    /// <summary>Whether a work drives the output.</summary>
    internal bool IsBusy => _work is not null;

    /// <summary>The user writes: a work has no say any more, as of now.</summary>
    internal void Take()
    {
        OutputWork? work = _work;
        _work = null;
        work?.End();
    }

    internal bool IsHeldBy(OutputWork work) => _work == work;

    /// <summary>Starts a work in the place of the one before. Ended by a write it counts as completed; by a kill or a failure it
    /// leaves the output at rest.</summary>
    internal Coroutine Start(string what, Func<OutputWork, Task> body)
    {
        OutputWork work = new(this);
        Coroutine coroutine = Coroutine.Spawn(() => DriveAsync(work, body), Options(what));
        Begin(work, coroutine);
        return coroutine;
    }

    /// <summary>As <see cref="Start"/>, and waits for the end: a kill or a deadline of the caller ends the work too, and its failure
    /// is the caller's.</summary>
    internal async Task RunAsync(string what, Func<OutputWork, Task> body)
    {
        OutputWork work = new(this);
        Coroutine<Exception?> coroutine = Coroutine.Spawn(() => TryDriveAsync(work, body), Options(what));
        Begin(work, coroutine);
        Exception? failure;
        try
        {
            failure = await coroutine;
        }
        catch
        {
            LetGo(work);
            coroutine.Kill();
            throw;
        }

        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    private void Begin(OutputWork work, Coroutine coroutine)
    {
        Take();
        _work = work;
        // Killed before its first step its body never runs, and what the work before it left on would stay on.
        coroutine.AddDoneCallback(_ => LetGo(work));
    }

    private async Task DriveAsync(OutputWork work, Func<OutputWork, Task> body)
    {
        if (_work != work)
            return;
        using Deadline scope = work.OpenScope();
        try
        {
            await body(work);
            if (_work == work)
                _work = null;
        }
        catch (Exception e) when (_work != work && (e is OutputTakenException || scope.Caused(e)))
        {
            // Whoever drives it now has taken it from this work.
        }
        finally
        {
            LetGo(work);
        }
    }

    /// <summary>The failure as a result: the caller throws it, so that the coroutine's own is no second report.</summary>
    private async Task<Exception?> TryDriveAsync(OutputWork work, Func<OutputWork, Task> body)
    {
        try
        {
            await DriveAsync(work, body);
            return null;
        }
#pragma warning disable CA1031 // The caller throws it.
        catch (Exception e) when (e is not CoroutineKilledException)
#pragma warning restore CA1031
        {
            return e;
        }
    }

    /// <summary>A work ends that was not taken from and is not done.</summary>
    private void LetGo(OutputWork work)
    {
        if (_work != work)
            return;
        _work = null;
        rest();
    }

    private SpawnOptions Options(string what) => new() { Name = $"{what} of {device}", Daemon = DaemonRule.UntilWorkEnds };
}
