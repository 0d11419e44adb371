using System.Runtime.CompilerServices;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>Symmetric coroutines together with what else a program does.</summary>
public class SymmetricCompanyTests
{
    private readonly VirtualRun _run = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Value_task_methods_and_pooled_ones_may_switch_for_a_body(bool inACoroutine)
    {
        if (inACoroutine)
            _run.Run(UseAsync);
        else
            await UseAsync();

        static async Task UseAsync()
        {
            SymmetricCoroutine<int, int> one = new(async (self, value) =>
            {
                while (true)
                    value = await PlainAsync(self, value) + await PooledAsync(self, value);
            });
            List<int> seen = [];
            for (int i = 1; i <= 7; i++)
                seen.Add(await one.Switch(i));
            Assert.Equal([1, 101, 5, 105, 9, 109, 13], seen);
        }

        static async ValueTask<int> PlainAsync(SymmetricCoroutine<int, int> self, int value) => await self.SwitchBack(value);

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        static async ValueTask<int> PooledAsync(SymmetricCoroutine<int, int> self, int value) => await self.SwitchBack(100 + value);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_generator_may_be_wrapped_in_an_async_stream(bool inACoroutine)
    {
        if (inACoroutine)
            _run.Run(UseAsync);
        else
            await UseAsync();

        static async Task UseAsync()
        {
            List<int> seen = [];
            // Between the two streams and in a body, whose Current stays itself.
            SymmetricCoroutine<int, int> consumer = new(async (self, _) =>
            {
                await foreach (int number in CountAsync(3))
                {
                    Assert.Same(self, SymmetricCoroutine.Current);
                    seen.Add(number);
                }

                return seen.Count;
            });
            await foreach (int number in CountAsync(2))
                seen.Add(10 * number);
            Assert.Equal(5, await consumer.Switch(0));
            Assert.Equal([10, 20, 1, 2, 3], seen);
        }

        static async IAsyncEnumerable<int> CountAsync(int count)
        {
            await using SymmetricCoroutine<bool, int> counter = new(async (self, _) =>
            {
                for (int i = 1; i <= count; i++)
                    await self.SwitchBack(i);
                return 0;
            });
            while (await counter.Switch(true) is > 0 and int number)
                yield return number;
        }
    }

    [Fact]
    public void A_body_may_spawn_coroutines_that_switch_in_groups_of_their_own_and_wait_for_them()
    {
        _run.Run(async () =>
        {
            SymmetricCoroutine<int, int> spawning = new(async (self, value) =>
            {
                Coroutine<int> child = Coroutine.Spawn(async () =>
                {
                    Assert.Null(SymmetricCoroutine.Current);
                    SymmetricCoroutine<int, int> inner = new(async (_, first) =>
                    {
                        await Bodies.SleepFor(1);
                        return first + 1;
                    });
                    Assert.Null(inner.Parent);
                    return await inner.Switch(value);
                });
                int result = await child;
                Assert.Same(self, SymmetricCoroutine.Current);
                return await self.SwitchBack(result);
            });
            _run.At($"{await spawning.Switch(1)}");
        });
        _run.Log.Expect("1 2");
    }

    [Fact]
    public void Items_of_a_queue_go_through_a_body_that_waits_for_them()
    {
        _run.Run(async () =>
        {
            AsyncQueue<string> words = new(1);
            Coroutine feeder = Coroutine.Spawn(async () =>
            {
                foreach (string word in (IEnumerable<string>)["one", "two", "three"])
                    await words.PutAsync(word);
                words.Shutdown();
            });
            SymmetricCoroutine<bool, string> shouting = new(async (self, _) =>
            {
                await foreach (string word in words)
                    await self.SwitchBack(word.ToUpperInvariant());
                return "";
            });
            while (await shouting.Switch(true) is { Length: > 0 } loud)
                _run.Log.Add(loud);
            await feeder;
        });
        _run.Log.Expect("ONE", "TWO", "THREE");
    }

    [Fact]
    public void A_lock_that_an_abandoned_body_holds_is_told_when_its_coroutine_ends()
    {
        AbandonedLockException error = Assert.Throws<AbandonedLockException>(() => _run.Run(async () =>
        {
            AsyncLock held = new("the held one");
            SymmetricCoroutine<int, int> holding = new(async (self, value) =>
            {
                using (await held.AcquireAsync())
                    return await self.SwitchBack(value);
            });
            await holding.Switch(1);
            Assert.True(held.IsHeldByCurrent);
        }));
        Assert.Contains("the held one", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_flow_of_contexts_is_suppressed_switching_works()
    {
        _run.Run(async () =>
        {
            using (ExecutionContext.SuppressFlow())
            {
                SymmetricCoroutine<int, int> echo = new(async (self, value) =>
                {
                    while (true)
                        value = await self.SwitchBack(value);
                });
                for (int i = 0; i < 3; i++)
                    Assert.Equal(i, WithoutAwait(echo.Switch(i)));
            }

            await Coroutine.Yield();
        });
    }

    [Fact]
    public void Schedulers_on_two_threads_switch_beside_each_other()
    {
        Task<long>[] sums = [.. Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
            () => CoroutineScheduler.Run(SumAsync), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        foreach (Task<long> sum in sums)
            Assert.Equal(49_995_000, Wait(sum));

        static async Task<long> SumAsync()
        {
            SymmetricCoroutine<long, long> adding = new(async (self, value) =>
            {
                long sum = 0;
                while (true)
                {
                    value = await self.SwitchBack(sum += value);
                    if (value % 100 == 0)
                        await Coroutine.Yield();
                }
            });
            long last = 0;
            for (int i = 0; i < 10_000; i++)
                last = await adding.Switch(i);
            return last;
        }
    }

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static int WithoutAwait(SwitchAwaitable<int, int> made)
    {
        SwitchAwaitable<int, int>.Awaiter awaiter = made.GetAwaiter();
        Assert.True(awaiter.IsCompleted);
        return awaiter.GetResult();
    }
}
