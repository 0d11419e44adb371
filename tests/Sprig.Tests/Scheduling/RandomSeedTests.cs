using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>SchedulerOptions.RandomSeed, and ReadyQueue.Shuffle behind it.</summary>
public class RandomSeedTests
{
    private const int Coroutines = 8;

    [Fact]
    public void The_same_seed_gives_the_same_order_each_time()
    {
        for (int seed = 0; seed < 20; seed++)
            Assert.Equal(Trace(seed), Trace(seed));
    }

    [Fact]
    public void A_seed_gives_the_order_that_it_gave_on_the_machine_on_which_this_was_written()
        => Assert.Equal("4.0 6.0 7.0 5.0 3.0 2.0 0.0 1.0", string.Join(' ', Trace(1)[..Coroutines]));

    [Fact]
    public void Different_seeds_give_different_orders()
    {
        HashSet<string> orders = [.. Enumerable.Range(0, 100).Select(seed => string.Join(' ', Trace(seed)))];
        Assert.InRange(orders.Count, 95, 100);
    }

    [Fact]
    public void Each_coroutine_comes_to_each_place()
    {
        HashSet<string>[] seen = [.. Enumerable.Range(0, Coroutines).Select(_ => new HashSet<string>())];
        for (int seed = 0; seed < 500; seed++)
        {
            List<string> trace = Trace(seed);
            for (int place = 0; place < Coroutines; place++)
                seen[place].Add(trace[place]);
        }

        Assert.All(seen, place => Assert.Equal(Coroutines, place.Count));
    }

    [Fact]
    public void Without_a_seed_first_come_is_first_served()
    {
        string[] expected = [.. Enumerable.Range(0, 3).SelectMany(step => Enumerable.Range(0, Coroutines).Select(name => $"{name}.{step}"))];
        Assert.Equal(expected, Trace(null));
    }

    [Fact]
    public void Nothing_is_lost_and_each_coroutine_keeps_its_own_order()
    {
        string[] expected = [.. Enumerable.Range(0, Coroutines).SelectMany(name => Enumerable.Range(0, 3).Select(step => $"{name}.{step}"))];
        for (int seed = 0; seed < 1000; seed++)
            Assert.Equal(expected, Trace(seed).Order(StringComparer.Ordinal));
        for (int seed = 0; seed < 1000; seed++)
            Assert.All(Trace(seed).GroupBy(entry => entry[0]), steps => Assert.Equal(["0", "1", "2"], steps.Select(step => step[2..])));
    }

    [Fact]
    public void The_random_order_is_one_of_each_tick_and_the_next_tick_does_not_begin_before_it_is_over()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            List<string> trace = Trace(seed);
            for (int step = 0; step < 3; step++)
                Assert.All(trace.Skip(step * Coroutines).Take(Coroutines), entry => Assert.Equal($"{step}", entry[2..]));
        }
    }

    [Fact]
    public void Done_callbacks_and_posts_keep_their_order_and_their_places()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            VirtualRun run = new();
            CoroutineScheduler.Run(
                async () =>
                {
                    Coroutine child = Coroutine.Spawn(Bodies.SleepForEver);
                    for (int i = 0; i < 3; i++)
                    {
                        int number = i;
                        child.AddDoneCallback(_ => run.Log.Add($"done {number}"));
                    }

                    child.Kill();
                    // Behind those: two coroutines, and a post at the end.
                    _ = Coroutine.Spawn(() => Task.CompletedTask);
                    _ = Coroutine.Spawn(() => Task.CompletedTask);
                    CoroutineScheduler.Current.Post(() => run.Log.Add("post 0"));
                    CoroutineScheduler.Current.Post(() => run.Log.Add("post 1"));
                    await Bodies.SleepFor(1);
                },
                run.Options with { RandomSeed = seed });
            run.Log.Expect("done 0", "done 1", "done 2", "post 0", "post 1");
        }
    }

    [Fact]
    public void Only_coroutines_change_places_and_two_entries_of_one_keep_their_order()
    {
        HashSet<string> orders = [];
        VirtualRun run = new();
        run.Run(() =>
        {
            Coroutine[] three = [.. "ABC".Select(name => Coroutine.Spawn(Bodies.SleepForEver, new SpawnOptions { Name = $"{name}" }))];
            foreach (Coroutine coroutine in three)
                coroutine.Kill();
            for (int seed = 0; seed < 300; seed++)
            {
                foreach (Coroutine coroutine in three)
                    coroutine.ReadyCount = 0;
                string order = Shuffled(three, seed);
                Assert.Equal('-', order[1]);
                Assert.Equal('+', order[4]);
                Assert.Equal("123", string.Concat(order.Where(char.IsAsciiDigit)));
                Assert.Equal("+-123BC", string.Concat(order.Order()));
                orders.Add(order);
            }

            // As before: each stands once in the run's own ring.
            foreach (Coroutine coroutine in three)
                coroutine.ReadyCount = 1;
            return Task.CompletedTask;
        });
        // Five places for the three of A, B and C: 5! / 3! orders.
        Assert.Equal(20, orders.Count);
    }

    [Fact]
    public void A_ring_that_has_wrapped_around_is_shuffled_as_any_other()
    {
        VirtualRun run = new();
        run.Run(() =>
        {
            Coroutine coroutine = Coroutine.Current;
            for (int used = 0; used < 64; used++)
            {
                int before = coroutine.ReadyCount;
                ReadyQueue ring = new();
                for (int i = 0; i < used; i++)
                {
                    ring.Enqueue(coroutine, NoAction, i);
                    ring.Dequeue();
                }

                for (int i = 0; i < 40; i++)
                    ring.Enqueue(coroutine, NoAction, i);
                ring.Shuffle(new Random(used));
                Assert.Equal(Enumerable.Range(0, 40).Cast<object?>(), Enumerable.Range(0, 40).Select(_ => ring.Dequeue().State).ToArray());
                coroutine.ReadyCount = before;
            }

            return Task.CompletedTask;
        });
    }

    [Fact]
    public void Waiters_are_served_in_their_order_whatever_the_seed()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            VirtualRun run = new();
            CoroutineScheduler.Run(
                async () =>
                {
                    List<string> arrived = [];
                    List<string> served = [];
                    WaitQueue line = new("the test");
                    for (int i = 0; i < 5; i++)
                    {
                        string name = $"{i}";
                        _ = Coroutine.Spawn(async () =>
                        {
                            arrived.Add(name);
                            await line.WaitAsync();
                            served.Add(name);
                        });
                    }

                    await Bodies.SleepFor(1);
                    while (line.WakeOne())
                        await Bodies.SleepFor(1);
                    Assert.Equal(5, served.Count);
                    Assert.Equal(arrived, served);
                },
                run.Options with { RandomSeed = seed });
        }
    }

    private static readonly Action<object?> NoAction = static _ => { };

    /// <summary>A ring of A1 - A2 B + C A3, shuffled: what stands in it after that.</summary>
    private static string Shuffled(Coroutine[] three, int seed)
    {
        ReadyQueue ring = new();
        ring.Enqueue(three[0], NoAction, "1");
        ring.Enqueue(null, NoAction, "-");
        ring.Enqueue(three[0], NoAction, "2");
        ring.Enqueue(three[1], NoAction, "B");
        ring.Enqueue(null, NoAction, "+");
        ring.Enqueue(three[2], NoAction, "C");
        ring.Enqueue(three[0], NoAction, "3");
        ring.Shuffle(new Random(seed));
        return string.Concat(Enumerable.Range(0, 7).Select(_ => ring.Dequeue().State));
    }

    /// <summary>Some coroutines of three steps each.</summary>
    private static List<string> Trace(int? seed)
    {
        List<string> trace = [];
        VirtualRun run = new();
        CoroutineScheduler.Run(
            () =>
            {
                for (int i = 0; i < Coroutines; i++)
                {
                    int name = i;
                    Coroutine.Spawn(async () =>
                    {
                        for (int step = 0; step < 3; step++)
                        {
                            trace.Add($"{name}.{step}");
                            await Coroutine.Yield();
                        }
                    });
                }

                return Task.CompletedTask;
            },
            run.Options with { RandomSeed = seed });
        return trace;
    }
}
