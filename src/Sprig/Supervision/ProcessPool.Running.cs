using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Supervision;

/// <content>Giving it work, and its end.</content>
public sealed partial class ProcessPool
{
    /// <summary>Runs one piece of work and gives its result: a call that waits for its place. A caller that is killed, or out of time,
    /// takes it along: pending it never runs, running it ends with its process.</summary>
    /// <typeparam name="TIn">The input's type.</typeparam>
    /// <typeparam name="TOut">The result's type.</typeparam>
    /// <param name="entry">Registered in the workers too.</param>
    /// <param name="input">Becomes JSON when its turn has come.</param>
    /// <param name="file">Filled in by the compiler: it stands in reports.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="ProcessWorkException">The work has thrown in its process.</exception>
    /// <exception cref="WorkerCrashedException">The process has ended in the middle of it, or could not begin.</exception>
    /// <exception cref="ArgumentException">The input is too long in JSON.</exception>
    /// <exception cref="InvalidOperationException">The pool is shut down, or belongs to another scheduler; or no coroutine runs here.</exception>
    public Task<TOut> RunAsync<TIn, TOut>(ProcessEntry<TIn, TOut> entry, TIn input, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return _places.ApplyAsync(() => WorkAsync(entry, input), NameOf(entry), file, line);
    }

    /// <summary>Submits one piece of work: it begins when there is a place for it. Never waits.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public PoolWork<TOut> Submit<TIn, TOut>(ProcessEntry<TIn, TOut> entry, TIn input, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return _places.Submit(() => WorkAsync(entry, input), NameOf(entry), file, line);
    }

    /// <summary>Runs work for each input and gives the results in the order of the inputs, each error in its place: <c>await foreach</c>.
    /// The inputs are read as far ahead as the window allows. All is as in <see cref="CoroutinePool"/>'s Map.</summary>
    /// <typeparam name="TIn">The inputs' type.</typeparam>
    /// <typeparam name="TOut">The results' type.</typeparam>
    /// <param name="entry">Registered in the workers too.</param>
    /// <param name="inputs">Read once for each enumeration.</param>
    /// <param name="window">How many may be on their way between inputs and reader; twice the pool's size unless given.</param>
    /// <param name="file">Filled in by the compiler: it stands in reports.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="InvalidOperationException">The pool is shut down, or belongs to another scheduler.</exception>
    public IAsyncEnumerable<TOut> Map<TIn, TOut>(
        ProcessEntry<TIn, TOut> entry, IEnumerable<TIn> inputs, int? window = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return _places.Map(inputs, input => WorkAsync(entry, input), window, NameOf(entry), file, line);
    }

    /// <inheritdoc cref="Map{TIn, TOut}(ProcessEntry{TIn, TOut}, IEnumerable{TIn}, int?, string, int)"/>
    public IAsyncEnumerable<TOut> Map<TIn, TOut>(
        ProcessEntry<TIn, TOut> entry, IAsyncEnumerable<TIn> inputs, int? window = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return _places.Map(inputs, input => WorkAsync(entry, input), window, NameOf(entry), file, line);
    }

    /// <summary>Runs work for each input and gives the results as they come: <c>await foreach</c>.</summary>
    /// <inheritdoc cref="Map{TIn, TOut}(ProcessEntry{TIn, TOut}, IEnumerable{TIn}, int?, string, int)"/>
    public IAsyncEnumerable<TOut> MapEach<TIn, TOut>(
        ProcessEntry<TIn, TOut> entry, IEnumerable<TIn> inputs, int? window = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return _places.MapEach(inputs, input => WorkAsync(entry, input), window, NameOf(entry), file, line);
    }

    /// <inheritdoc cref="MapEach{TIn, TOut}(ProcessEntry{TIn, TOut}, IEnumerable{TIn}, int?, string, int)"/>
    public IAsyncEnumerable<TOut> MapEach<TIn, TOut>(
        ProcessEntry<TIn, TOut> entry, IAsyncEnumerable<TIn> inputs, int? window = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return _places.MapEach(inputs, input => WorkAsync(entry, input), window, NameOf(entry), file, line);
    }

    /// <summary>From now on nothing new is taken; waits until all work is done, then ends the processes and waits for that.</summary>
    /// <param name="cancelPending">Cancel what waits in the line.</param>
    /// <exception cref="InvalidOperationException">The pool belongs to another scheduler.</exception>
    public async Task ShutdownAsync(bool cancelPending = false)
    {
        await _places.ShutdownAsync(wait: true, cancelPending);
        await EndIdleAsync();
    }

    /// <summary>Kills all that runs, with its processes, cancels what waits in the line, and ends the other processes; waits for all that.
    /// The pool may be used on.</summary>
    /// <exception cref="InvalidOperationException">The pool belongs to another scheduler.</exception>
    public async Task KillAsync()
    {
        await _places.KillAsync();
        await EndIdleAsync();
    }

    /// <summary><see cref="ShutdownAsync"/>.</summary>
    public ValueTask DisposeAsync() => new(ShutdownAsync());

    /// <summary>Those that have nothing to do, and those whose work was killed. Others have got work since.</summary>
    private async Task EndIdleAsync()
    {
        Coroutine[] ending = [.. _workers.Where(worker => worker.Keeper.IsKillRequested || _idle.Contains(worker)).Select(worker => worker.Keeper)];
        _idle.Clear();
        foreach (Coroutine keeper in ending)
            keeper.Kill();
        await Coroutine.JoinAll(ending);
    }

    private static SpawnOptions NameOf(ProcessEntry entry) => new() { Name = entry.Name };
}
