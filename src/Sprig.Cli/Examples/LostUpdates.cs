using Sprig.Hosting;
using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Sprig.Cli.Examples;

/// <summary><c>sprig example counter</c>: what needs a lock where all coroutines share one thread. Each way of adding is run
/// by all of them at once, and counted.</summary>
/// <param name="output">For what was counted.</param>
/// <param name="coroutines">How many add at once.</param>
/// <param name="rounds">How often each adds 1.</param>
internal sealed class LostUpdates(TextWriter output, int coroutines, int rounds)
{
    private readonly AsyncLock _lock = new("x");
    private long _x;

    /// <summary>Runs it; gives the exit code.</summary>
    internal int Run(SchedulerOptions options) => CoroutineProgram.Run(MainAsync, options);

    private async Task MainAsync()
    {
        long expected = (long)coroutines * rounds;
        output.WriteLine($"{coroutines} coroutines add 1 to x, {rounds} times each. Expected: {expected}.");
        await MeasureAsync("x += await OneAsync()", AddAcrossAwaitAsync, expected);
        await MeasureAsync("await OneAsync(); x += 1", AddBetweenAwaitsAsync, expected);
        await MeasureAsync("using (await lock.AcquireAsync()) x += await OneAsync()", AddUnderLockAsync, expected);
        output.WriteLine("""
            Between two awaits nobody else runs: what reads and writes without an await between needs no lock.
            A lock is needed where an await stands between reading a value and writing what depends on it.
            """);
    }

    /// <summary>Reads x, then waits, then writes: whatever others have written meanwhile is lost.</summary>
    private async Task AddAcrossAwaitAsync() => _x += await OneAsync();

    /// <summary>Waits first; then reads and writes in one go.</summary>
    private async Task AddBetweenAwaitsAsync()
    {
        await OneAsync();
        _x += 1;
    }

    /// <summary>The first way, but the others wait until it has written.</summary>
    private async Task AddUnderLockAsync()
    {
        using (await _lock.AcquireAsync())
            _x += await OneAsync();
    }

    /// <summary>An answer that takes a while, as from a sensor or a socket: the others run meanwhile.</summary>
    private static async Task<int> OneAsync()
    {
        await Coroutine.Yield();
        return 1;
    }

    private async Task MeasureAsync(string way, Func<Task> addOne, long expected)
    {
        _x = 0;
        List<Coroutine> adders = [];
        for (int i = 0; i < coroutines; i++)
            adders.Add(Coroutine.Spawn(() => RepeatAsync(addOne)));
        await Coroutine.JoinAll(adders, raiseError: true);
        output.WriteLine($"  {way,-56} x = {_x}, lost: {expected - _x}");
    }

    private async Task RepeatAsync(Func<Task> addOne)
    {
        for (int round = 0; round < rounds; round++)
            await addOne();
    }
}
