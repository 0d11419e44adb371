using System.Runtime.CompilerServices;
using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Sprig.Supervision;

/// <content>Children that say when they are ready.</content>
public sealed partial class CoroutineScope
{
    private Dictionary<Coroutine, CompletionSourceBase>? _starting;

    /// <summary>Spawns a child and goes on when it says that it is ready, with what it says: a port that it listens on, say. Until
    /// then its failure is the caller's to catch, and no error of the scope.</summary>
    /// <typeparam name="T">What it has to say.</typeparam>
    /// <param name="body">Calls SetResult when it is ready, and goes on.</param>
    /// <param name="options">Its name and daemon rule.</param>
    /// <param name="file">Filled in by the compiler: it stands in reports.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="InvalidOperationException">The child has ended without a word; or the scope is closed.</exception>
    /// <exception cref="OperationCanceledException">The child was killed before it was ready. Where the caller was interrupted, it has
    /// killed the child.</exception>
    public async Task<T> StartAsync<T>(
        Func<CompletionSource<T>, Task> body, SpawnOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        CompletionSource<T> ready = new("ready", file, line);
        await UntilReadyAsync(Spawn(() => body(ready), options, file, line), ready);
        return ready.Result;
    }

    /// <summary>Spawns a child and goes on when it says that it is ready. Until then its failure is the caller's to catch, and no error
    /// of the scope.</summary>
    /// <inheritdoc cref="StartAsync{T}"/>
    public Task StartAsync(
        Func<CompletionSource, Task> body, SpawnOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        CompletionSource ready = new("ready", file, line);
        return UntilReadyAsync(Spawn(() => body(ready), options, file, line), ready);
    }

    private async Task UntilReadyAsync(Coroutine child, CompletionSourceBase ready)
    {
        (_starting ??= []).Add(child, ready);
        try
        {
            await ready;
        }
        catch (Exception e)
        {
            // Nobody waits for it any more: from now on its errors are the scope's.
            _starting.Remove(child);
            if (!ready.IsCompleted)
                child.Kill();
            else if (!_isClosed && ready.Exception is { } failure && failure != e)
                Fail(failure);
            throw;
        }
    }

    /// <summary>It has ended; whether it still owed a word to somebody, who gets its end instead.</summary>
    private bool WasStarting(Coroutine child)
    {
        if (_starting is null || !_starting.Remove(child, out CompletionSourceBase? ready) || ready.IsCompleted)
            return false;
        if (child.Exception is { } error)
            ready.SetException(error);
        else if (child.State == CoroutineState.Killed)
            ready.SetCanceled();
        else
            ready.SetException(new InvalidOperationException($"{child} (spawned at {child.SpawnedAt}) ended without saying that it is ready."));
        return true;
    }
}
