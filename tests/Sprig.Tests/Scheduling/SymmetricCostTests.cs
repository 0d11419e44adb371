using System.Diagnostics;
using System.Runtime.CompilerServices;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>What switching costs: no memory, no stack; and what is dropped is garbage.</summary>
public class SymmetricCostTests
{
    private const int Million = 1_000_000;
    private const int WarmUp = 200;
    private readonly VirtualRun _run = new();

    public static TheoryData<bool> InACoroutineOrNot => [true, false];

    [Theory]
    [MemberData(nameof(InACoroutineOrNot))]
    public Task A_million_switches_between_two_take_no_stack_and_no_memory(bool inACoroutine) => In(inACoroutine, async () =>
    {
        SymmetricCoroutine<long, long> a = null!, b = null!;
        int firstDepth = 0, lastDepth = 0;
        long allocated = 0;
        a = new(async (_, value) =>
        {
            for (int i = 0; i < Million; i++)
            {
                if (i == WarmUp)
                    (firstDepth, allocated) = (Depth(), GC.GetAllocatedBytesForCurrentThread());
                value = await b.Switch(value + 1);
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            lastDepth = Depth();
            return value;
        });
        b = new(async (_, value) =>
        {
            while (true)
                value = await a.Switch(value + 1);
        });
        Assert.Equal(2 * Million, await a.Switch(0));
        Assert.Equal(0, allocated);
        AssertNotDeeper(firstDepth, lastDepth);
    });

    [Theory]
    [MemberData(nameof(InACoroutineOrNot))]
    public Task A_generator_of_large_values_takes_no_stack_and_no_memory(bool inACoroutine) => In(inACoroutine, async () =>
    {
        SymmetricCoroutine<(long, long, int), (int, long, string)> generator = new(async (self, value) =>
        {
            while (true)
                value = await self.SwitchBack((value.Item3, value.Item1 + value.Item2, "same"));
        });
        long allocated = 0, sum = 0;
        int firstDepth = 0;
        for (int i = 0; i < Million; i++)
        {
            if (i == WarmUp)
                (firstDepth, allocated) = (Depth(), GC.GetAllocatedBytesForCurrentThread());
            (int number, long added, _) = await generator.Switch((i, 1, i));
            sum += added - number;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - allocated);
        Assert.Equal(Million, sum);
        AssertNotDeeper(firstDepth, Depth());
    });

    [Fact]
    public void Switching_after_waits_takes_no_stack_and_no_memory() => _run.Run(async () =>
    {
        SymmetricCoroutine<int, int> waiting = new(async (self, value) =>
        {
            while (true)
            {
                await Coroutine.Yield();
                value = await self.SwitchBack(value);
                value = await self.SwitchBack(value);
            }
        });
        long allocated = 0;
        int firstDepth = 0, rounds = 20_000;
        for (int i = 0; i < rounds; i++)
        {
            if (i == WarmUp)
                (firstDepth, allocated) = (Depth(), GC.GetAllocatedBytesForCurrentThread());
            Assert.True(await waiting.Switch(i) == i);
            Assert.True(await waiting.Switch(i) == i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - allocated);
        AssertNotDeeper(firstDepth, Depth());
    });

    [Fact]
    public async Task One_that_waits_for_values_of_several_types_in_turn_allocates_nothing()
    {
        SymmetricCoroutine<int, int> numbers = new(async (self, value) =>
        {
            while (true)
                value = await self.SwitchBack(value + 1);
        });
        SymmetricCoroutine<int, (int, int)> pairs = new(async (self, value) =>
        {
            while (true)
                value = await self.SwitchBack((value, await numbers.Switch(value)));
        });
        SymmetricCoroutine<string, int> lengths = new(async (self, value) =>
        {
            while (true)
                value = await self.SwitchBack(value.Length);
        });
        long allocated = 0;
        for (int i = 0; i < 2000; i++)
        {
            if (i == WarmUp)
                allocated = GC.GetAllocatedBytesForCurrentThread();
            (int number, int next) = await pairs.Switch(i);
            Assert.True(number == i && next == i + 1 && await numbers.Switch(i) == i + 1 && await lengths.Switch("four") == 4);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    [Theory]
    [MemberData(nameof(InACoroutineOrNot))]
    public Task Making_and_ending_many_one_after_the_other_takes_no_stack(bool inACoroutine) => In(inACoroutine, async () =>
    {
        SymmetricCoroutine<int, int> outer = new(async (_, value) =>
        {
            int first = 0;
            for (int i = 0; i < 100_000; i++)
            {
                if (i == WarmUp)
                    first = Depth();
                value = await new SymmetricCoroutine<int, int>((_, number) => Task.FromResult(number + 1)).Switch(value);
            }

            AssertNotDeeper(first, Depth());
            return value;
        });
        Assert.Equal(100_000, await outer.Switch(0));
    });

    [Theory]
    [MemberData(nameof(InACoroutineOrNot))]
    public Task A_chain_of_many_that_switch_on_and_end_back_takes_no_stack(bool inACoroutine) => In(inACoroutine, async () =>
    {
        SymmetricCoroutine<int, int> first = Link(100_000);
        Assert.Equal(100_000, await first.Switch(0));

        static SymmetricCoroutine<int, int> Link(int left) => new(
            async (_, value) => left == 0 ? value : await Link(left - 1).Switch(value + 1));
    });

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public Task An_abandoned_one_is_garbage(bool inACoroutine, bool wasStarted) => In(inACoroutine, async () =>
    {
        (WeakReference body, WeakReference handle) = await Abandon(wasStarted);
        // The root waits again, for another.
        await new SymmetricCoroutine<int, int>((_, value) => Task.FromResult(value)).Switch(1);
        GC.Collect();
        Assert.False(body.IsAlive);
        Assert.False(handle.IsAlive);
    });

    [Theory]
    [MemberData(nameof(InACoroutineOrNot))]
    public Task One_that_has_ended_holds_nothing_though_its_handle_lives(bool inACoroutine) => In(inACoroutine, async () =>
    {
        (WeakReference held, WeakReference handed, SymmetricCoroutine<object, object> handle) = await End();
        GC.Collect();
        Assert.False(held.IsAlive);
        Assert.False(handed.IsAlive);
        Assert.False(handle.IsAlive);
    });

    [Fact]
    public async Task Where_each_makes_the_next_and_ends_the_ended_are_garbage()
    {
        List<WeakReference> made = [];
        SymmetricCoroutine<int, int> last = await ReplaceAsync(made);
        GC.Collect();
        Assert.InRange(made.Count(one => one.IsAlive), 1, 2);
        GC.KeepAlive(last);

        static async Task<SymmetricCoroutine<int, int>> ReplaceAsync(List<WeakReference> made)
        {
            SymmetricCoroutine<int, int> next = Make();
            for (int i = 0; i < 100; i++)
            {
                SymmetricCoroutine<int, int> one = next;
                made.Add(new WeakReference(one));
                await one.Switch(i);
                Assert.False(one.IsAlive);
            }

            return next;

            SymmetricCoroutine<int, int> Make() => new((_, value) =>
            {
                next = Make();
                return Task.FromResult(value);
            });
        }
    }

    [Fact]
    public async Task Where_each_ends_to_one_that_it_has_switched_to_the_ended_are_garbage()
    {
        List<WeakReference> made = [];
        SymmetricCoroutine<int, int> last = await RelayAsync(made);
        GC.Collect();
        Assert.InRange(made.Count(one => one.IsAlive), 1, 2);
        Assert.True(last.IsAlive);

        static async Task<SymmetricCoroutine<int, int>> RelayAsync(List<WeakReference> made)
        {
            SymmetricCoroutine<int, int> last = null!;
            SymmetricCoroutine<int, int> first = Make();
            await first.Switch(0);
            Assert.Equal(100, await first.Switch(0));
            return last;

            SymmetricCoroutine<int, int> Make()
            {
                SymmetricCoroutine<int, int> one = new(async (self, value) =>
                {
                    value = await self.SwitchBack(value);
                    if (value == 100)
                    {
                        // It stays suspended; the root goes on.
                        last = self;
                        SymmetricCoroutine<int, int> toRoot = new((_, same) => Task.FromResult(same)) { Parent = null };
                        return await toRoot.Switch(value);
                    }

                    SymmetricCoroutine<int, int> next = Make();
                    self.Parent = next;
                    await next.Switch(value);
                    return value + 1;
                })
                {
                    Parent = null,
                };
                made.Add(new WeakReference(one));
                return one;
            }
        }
    }

    [Fact]
    public void A_coroutine_that_was_given_up_holds_nothing_of_those_that_wait_in_it_though_its_handle_lives()
    {
        WeakReference root = null!, body = null!;
        Coroutine handle = null!;
        _run.Run(async () =>
        {
            handle = Coroutine.Spawn(
                async () =>
                {
                    object held = new();
                    root = new WeakReference(held);
                    await Stubborn(out body).Switch(1);
                    GC.KeepAlive(held);
                },
                new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
            await Bodies.SleepFor(1);
        });
        Assert.Equal(CoroutineState.Killed, handle.State);
        GC.Collect();
        Assert.False(root.IsAlive);
        Assert.False(body.IsAlive);

        static SymmetricCoroutine<int, int> Stubborn(out WeakReference body)
        {
            object held = new();
            body = new WeakReference(held);
            return new(async (_, value) =>
            {
                await Bodies.NeverGiveUp();
                GC.KeepAlive(held);
                return value;
            });
        }
    }

    [Fact]
    public void A_coroutine_that_has_ended_holds_nothing_of_those_it_has_switched_to() => _run.Run(async () =>
    {
        WeakReference body = null!;
        Coroutine handle = Coroutine.Spawn(async () => (body, _) = await Abandon(true));
        await handle;
        GC.Collect();
        Assert.False(body.IsAlive);
        GC.KeepAlive(handle);
    });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<(WeakReference Body, WeakReference Handle)> Abandon(bool start)
    {
        object held = new();
        SymmetricCoroutine<int, object> generator = new(async (self, _) =>
        {
            while (true)
                await self.SwitchBack(held);
        });
        if (start)
        {
            await generator.Switch(1);
            await generator.Switch(1);
        }

        return (new WeakReference(held), new WeakReference(generator));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<(WeakReference Held, WeakReference Handed, SymmetricCoroutine<object, object> Handle)> End()
    {
        object held = new(), handed = new();
        SymmetricCoroutine<object, object> one = new(async (self, value) =>
        {
            await self.SwitchBack(value);
            return held;
        });
        await one.Switch(handed);
        await one.Switch(handed);
        return (new WeakReference(held), new WeakReference(handed), one);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Depth() => new StackTrace().FrameCount;

    // The compiler may have put methods into each other meanwhile.
    private static void AssertNotDeeper(int before, int now) => Assert.InRange(now, 1, before + 5);

    private Task In(bool aCoroutine, Func<Task> body)
    {
        if (!aCoroutine)
            return body();
        _run.Run(body);
        return Task.CompletedTask;
    }
}
