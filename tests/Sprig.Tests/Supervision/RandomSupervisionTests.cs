using Sprig.Scheduling;
using Sprig.Supervision;
using Sprig.Tests.Scheduling;
using Xunit;

namespace Sprig.Tests.Supervision;

/// <summary>Random programs in random orders: whatever is killed, out of time or cancelled when, no place is lost, no work is neither
/// done nor cancelled, no child outlives its scope. A seed that fails is named, and fails again.</summary>
public class RandomSupervisionTests
{
    private const int Seeds = 10_000;

    [Fact]
    public void A_pool_loses_no_place_and_no_work() => Try(PoolAsync);

    [Fact]
    public void No_child_outlives_its_scope_and_no_error_is_lost() => Try(ScopesAsync);

    [Fact]
    public void A_map_gives_each_result_once_and_in_order_whatever_interrupts_its_reader() => Try(MapAsync);

    private static void Try(Func<Random, Task> program)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            VirtualRun run = new();
            Random random = new(seed);
            try
            {
                CoroutineScheduler.Run(() => program(random), run.Options with { RandomSeed = seed });
                run.Reports.Expect();
            }
#pragma warning disable CA1031 // Whatever it is, the seed stands with it.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Assert.Fail($"Seed {seed}: {e}");
            }
        }
    }

    private static async Task PoolAsync(Random random)
    {
        CoroutinePool pool = new(random.Next(1, 4));
        int begun = 0, ended = 0, most = 0;
        List<PoolWork> works = [];
        List<Coroutine> callers = [];
        for (int i = 0; i < 12; i++)
        {
            callers.Add(Coroutine.Spawn(async () =>
            {
                await Short(random);
                await Deadline.TryRunAsync(TimeSpan.FromSeconds(random.Next(0, 6)), () => Use());
            }));
        }

        for (int i = 0; i < 8; i++)
        {
            await Short(random);
            switch (random.Next(4))
            {
                case 0:
                    callers[random.Next(callers.Count)].Kill();
                    break;
                case 1 when works.Count > 0:
                    _ = works[random.Next(works.Count)].Cancel();
                    break;
                case 2 when pool.Count > 0:
                    pool.Coroutines[random.Next(pool.Count)].Kill();
                    break;
                case 3 when random.Next(4) == 0:
                    await pool.KillAsync();
                    break;
            }
        }

        await Coroutine.JoinAll(callers);
        await pool.JoinAsync();
        Assert.True(pool is { Count: 0, PendingCount: 0, IsFull: false } && pool.FreeCount == pool.Size);
        Assert.All(works, work => Assert.True(work.IsCompleted && (work.IsCanceled || work.Coroutine!.State == CoroutineState.Completed)));
        Assert.Equal(begun, ended);
        Assert.InRange(most, 0, pool.Size);
        _ = Assert.Single(CoroutineScheduler.Current.Coroutines);

        async Task Use()
        {
            switch (random.Next(4))
            {
                case 0:
                    await pool.SpawnAsync(Body);
                    break;
                case 1:
                    PoolWork work = pool.Submit(Body);
                    works.Add(work);
                    if (random.Next(2) == 0)
                        break;
                    await work.WaitAsync();
                    // Its place is free before anybody goes on who has waited for it.
                    Assert.DoesNotContain(work.Coroutine, pool.Coroutines);
                    break;
                case 2:
                    try
                    {
                        await pool.ApplyAsync(Body);
                    }
                    catch (OperationCanceledException) when (!Coroutine.Current.IsKillRequested)
                    {
                        // Killed, or cancelled, by somebody else than its caller.
                    }

                    break;
                default:
                    _ = pool.TrySpawn(Body);
                    break;
            }
        }

        async Task Body()
        {
            begun++;
            most = Math.Max(most, begun - ended);
            try
            {
                await Short(random);
            }
            finally
            {
                try
                {
                    await Coroutine.Yield();
                }
                finally
                {
                    ended++;
                }
            }
        }
    }

    private static async Task ScopesAsync(Random random)
    {
        int alive = 0, thrown = 0, seen = 0;
        Coroutine caller = Coroutine.Spawn(() => Deadline.TryRunAsync(TimeSpan.FromSeconds(random.Next(1, 8)), () => Nest(3)));
        await Coroutine.Sleep(TimeSpan.FromSeconds(random.Next(0, 8)));
        if (random.Next(2) == 0)
            caller.Kill();
        await caller.JoinAsync();
        Count(caller.Exception);
        Assert.Equal(0, alive);
        Assert.Equal(thrown, seen);
        _ = Assert.Single(CoroutineScheduler.Current.Coroutines);

        async Task Nest(int depth) => await CoroutineScope.RunAsync(async scope =>
        {
            for (int i = random.Next(4); i >= 0; i--)
            {
                _ = scope.Spawn(async () =>
                {
                    alive++;
                    try
                    {
                        await Short(random);
                        if (depth > 0 && random.Next(3) == 0)
                            await Nest(depth - 1);
                        Fail(6);
                    }
                    finally
                    {
                        alive--;
                    }
                });
            }

            await Short(random);
            if (random.Next(6) == 0)
                scope.Cancel();
            if (depth > 0 && random.Next(3) == 0)
                await Nest(depth - 1);
            await Short(random);
            Fail(8);
        });

        void Fail(int oneOf)
        {
            if (random.Next(oneOf) != 0)
                return;
            thrown++;
            throw new InvalidOperationException("random");
        }

        void Count(Exception? error)
        {
            if (error is AggregateException aggregate)
            {
                foreach (Exception inner in aggregate.InnerExceptions)
                    Count(inner);
            }
            else if (error is not null)
            {
                seen++;
            }
        }
    }

    private static async Task MapAsync(Random random)
    {
        CoroutinePool pool = new(random.Next(1, 4));
        int[] items = [.. Enumerable.Range(0, random.Next(0, 12))];
        bool ordered = random.Next(2) == 0;
        Func<int, Task<int>> body = async item =>
        {
            await Short(random);
            return item % 5 == 3 ? throw new InvalidOperationException($"{item}") : item;
        };
        IAsyncEnumerable<int> map = ordered ? pool.Map(items, body, random.Next(1, 6)) : pool.MapEach(items, body, random.Next(1, 6));
        List<int> got = [];
        bool more = true;
        await using (IAsyncEnumerator<int> results = map.GetAsyncEnumerator())
        {
            while (more)
            {
                try
                {
                    await Deadline.TryRunAsync(TimeSpan.FromSeconds(random.Next(0, 3)), async () =>
                    {
                        more = await results.MoveNextAsync();
                        if (more)
                            got.Add(results.Current);
                    });
                }
                catch (InvalidOperationException e)
                {
                    got.Add(int.Parse(e.Message, System.Globalization.CultureInfo.InvariantCulture));
                }
            }
        }

        Assert.Equal(items, ordered ? got : got.Order());
        Assert.True(pool is { Count: 0, PendingCount: 0 });
    }

    private static async Task Short(Random random)
    {
        if (random.Next(3) > 0)
            await Coroutine.Sleep(TimeSpan.FromSeconds(random.Next(0, 4)));
        else
            await Coroutine.Yield();
    }
}
