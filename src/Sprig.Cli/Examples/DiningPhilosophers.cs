using Sprig.Hosting;
using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Sprig.Cli.Examples;

/// <summary><c>sprig example philosophers</c>: philosophers sit around a table, one fork lies between each two, and it takes
/// both to eat. Where each takes the fork on the left first, all of them wait in a circle, and Sprig says so as it closes. Three
/// cures.</summary>
/// <param name="output">For the story.</param>
/// <param name="error">For the one line of a dinner that ended in a deadlock.</param>
/// <param name="philosophers">How many, at least 2.</param>
/// <param name="meals">How often each is to eat.</param>
/// <param name="cure">"ordered", "waiter" or "reentrant"; null for none.</param>
internal sealed class DiningPhilosophers(TextWriter output, TextWriter error, int philosophers, int meals, string? cure)
{
    /// <summary>The exit code of a dinner that ended in a deadlock.</summary>
    internal const int Deadlocked = 3;

    private static readonly string[] s_names = ["Plato", "Aristotle", "Hypatia", "Descartes", "Kant"];
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Fork i lies on the left of seat i, and on the right of the seat before.</summary>
    private readonly AsyncLock[] _forks = [.. Enumerable.Range(1, philosophers).Select(i => new AsyncLock($"fork {i}"))];
    private readonly AsyncSemaphore _waiter = new(philosophers - 1, name: "the waiter");
    private readonly AsyncReentrantLock _table = new("the table");
    private readonly int[] _eaten = new int[philosophers];
    private int _deepest;
    private int _ticks;
    private DeadlockException? _deadlock;

    /// <summary>Runs the dinner; gives the exit code.</summary>
    internal int Run(SchedulerOptions options)
    {
        // Sprig reports a circle on the error output, at the moment it closes: here it is to stand in the midst of the story.
        int code = CoroutineProgram.Run(MainAsync, options with { ErrorOutput = output });
        if (code != 0 || _deadlock is null)
            return code;
        string[] circle = [.. _deadlock.Waits.Select(wait => wait.Coroutine)];
        error.WriteLine($"sprig example philosophers: deadlock: {string.Join(" -> ", [.. circle, circle[0]])}");
        return Deadlocked;
    }

    private async Task MainAsync()
    {
        (string rule, Func<int, Task> eat) = cure switch
        {
            "ordered" => ("the fork with the lower number first", (Func<int, Task>)InOneOrderAsync),
            "waiter" => ($"the waiter lets {philosophers - 1} at a time take forks", WithAWaiterAsync),
            "reentrant" => ("one lock for the whole table", UnderOneLockAsync),
            _ => ("the fork on the left first, then the one on the right", LeftFirstAsync),
        };
        output.WriteLine($"{philosophers} philosophers, {philosophers} forks, {meals} meals each; {rule}.");
        _ = Coroutine.Spawn(TickAsync, new SpawnOptions { Name = "clock", Daemon = DaemonRule.UntilMainReturns });
        List<Coroutine> diners = [];
        for (int i = 0; i < philosophers; i++)
        {
            int seat = i;
            diners.Add(Coroutine.Spawn(() => DineAsync(seat, eat), new SpawnOptions { Name = NameOf(seat) }));
        }

        try
        {
            await Coroutine.JoinAll(diners, raiseError: true);
        }
        catch (DeadlockException e)
        {
            // It was thrown in the wait that would have closed the circle, so one fork is free again, and the others eat.
            _deadlock = e;
            int ticks = _ticks;
            output.WriteLine($"{e.Waits[0].Coroutine} got that as an exception, let go of the fork in hand, and the others eat.");
            await Coroutine.JoinAll(diners);
            output.WriteLine($"All the while a clock ran: {ticks} ticks until the report, {_ticks - ticks} after it.");
        }

        output.WriteLine($"Meals: {string.Join(", ", _eaten.Select((count, seat) => $"{NameOf(seat)} {count}"))}.");
        if (_deepest > 0)
            output.WriteLine($"The table was locked {_deepest} deep by one and the same philosopher.");
        if (_eaten.All(count => count == meals))
            output.WriteLine("Everyone has eaten.");
    }

    private async Task DineAsync(int seat, Func<int, Task> eat)
    {
        for (int meal = 0; meal < meals; meal++)
            await eat(seat);
    }

    /// <summary>No cure. What is ready runs before what is due, so all have started, and hold a fork, when the first pause ends;
    /// the last one to reach for the other fork closes the circle, every time.</summary>
    private Task LeftFirstAsync(int seat) => EatAsync(seat, LeftOf(seat), RightOf(seat));

    /// <summary>Forks have an order, and all keep to it: who holds the highest fork has nothing left to wait for.</summary>
    private Task InOneOrderAsync(int seat) => seat < philosophers - 1
        ? EatAsync(seat, LeftOf(seat), RightOf(seat))
        : EatAsync(seat, RightOf(seat), LeftOf(seat));

    /// <summary>One fewer than forks: somebody always gets two.</summary>
    private async Task WithAWaiterAsync(int seat)
    {
        using (await _waiter.AcquireAsync())
            await LeftFirstAsync(seat);
    }

    /// <summary>Who holds the table waits for nobody. Simple, but only one eats at a time.</summary>
    private async Task UnderOneLockAsync(int seat)
    {
        using (await _table.AcquireAsync())
        {
            await LayAsync();
            await LeftFirstAsync(seat);
        }
    }

    /// <summary>Locks the table itself, whoever calls it: the one who holds it may take it again. An AsyncLock would report
    /// that its owner waits for itself.</summary>
    private async Task LayAsync()
    {
        using (await _table.AcquireAsync())
        {
            _deepest = Math.Max(_deepest, _table.Depth);
            await Coroutine.Yield();
        }
    }

    private async Task EatAsync(int seat, AsyncLock first, AsyncLock second)
    {
        using (await first.AcquireAsync())
        {
            await Coroutine.Sleep(s_pause);
            using (await second.AcquireAsync())
            {
                await Coroutine.Sleep(s_pause);
                _eaten[seat]++;
            }
        }
    }

    private async Task TickAsync()
    {
        for (Ticker ticker = new(TimeSpan.FromMilliseconds(2)); ; _ticks++)
            await ticker.NextAsync();
    }

    private AsyncLock LeftOf(int seat) => _forks[seat];

    private AsyncLock RightOf(int seat) => _forks[(seat + 1) % philosophers];

    private static string NameOf(int seat) => seat < s_names.Length ? s_names[seat] : $"philosopher {seat + 1}";
}
