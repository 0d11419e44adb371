using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>Switching itself, without a scheduler: who gets control, and what comes with it.</summary>
public class SymmetricCoroutineTests
{
    private readonly EventLog _log = new();

    [Fact]
    public async Task The_first_switch_starts_the_body_with_the_value_and_later_ones_come_out_of_its_pending_switch()
    {
        SymmetricCoroutine<int, string> one = new(async (self, first) =>
        {
            _log.Add($"started with {first}");
            int second = await self.SwitchBack("a");
            _log.Add($"got {second}");
            int third = await self.SwitchBack("b");
            _log.Add($"got {third}");
            return "c";
        });
        Assert.False(one.IsStarted);
        Assert.True(one.IsAlive);
        _log.Add(await one.Switch(1));
        Assert.True(one.IsStarted);
        _log.Add(await one.Switch(2));
        Assert.True(one.IsAlive);
        _log.Add(await one.Switch(3));
        Assert.False(one.IsAlive);
        _log.Expect("started with 1", "a", "got 2", "b", "got 3", "c");
    }

    [Fact]
    public void Outside_of_coroutines_the_root_never_suspends()
    {
        SymmetricCoroutine<int, int> doubler = Doubler();
        for (int i = 0; i < 10; i++)
            Assert.Equal(2 * i, WithoutAwait(doubler.Switch(i)));
    }

    [Fact]
    public async Task Until_it_is_awaited_a_switch_does_nothing()
    {
        SymmetricCoroutine<int, int> doubler = Doubler();
        SwitchAwaitable<int, int> kept = doubler.Switch(21);
        Assert.False(doubler.IsStarted);
        Assert.Equal(42, await kept);
        // Each await is a switch of its own.
        Assert.Equal(42, await kept);
    }

    [Fact]
    public async Task Two_symmetric_ones_hand_values_to_each_other_directly()
    {
        SymmetricCoroutine<int, int> a = null!, b = null!;
        a = new(async (_, value) =>
        {
            while (value < 5)
            {
                _log.Add($"a {value}");
                value = await b.Switch(value + 1);
            }

            return value;
        });
        b = new(async (_, value) =>
        {
            while (true)
            {
                _log.Add($"b {value}");
                value = await a.Switch(value + 1);
            }
        });
        Assert.Equal(6, await a.Switch(0));
        _log.Expect("a 0", "b 1", "a 2", "b 3", "a 4", "b 5");
        Assert.False(a.IsAlive);
        Assert.True(b.IsAlive);
    }

    [Fact]
    public async Task SwitchBack_goes_to_whoever_switched_last_not_to_who_was_switched_back_to_last()
    {
        SymmetricCoroutine<int, string> inner = new(async (self, value) =>
        {
            while (true)
                value = await self.SwitchBack($"inner {value}");
        });
        SymmetricCoroutine<int, string> outer = new(async (self, value) =>
        {
            while (true)
                value = await self.SwitchBack($"outer of {await inner.Switch(value)}");
        });
        Assert.Equal("outer of inner 1", await outer.Switch(1));
        Assert.Equal("outer of inner 2", await outer.Switch(2));
        // And now the root itself.
        Assert.Equal("inner 3", await inner.Switch(3));
        Assert.Equal("outer of inner 4", await outer.Switch(4));
    }

    [Fact]
    public async Task Throw_raises_in_the_pending_switch()
    {
        IOException thrown = new("thrown");
        SymmetricCoroutine<int, string> one = new(async (self, _) =>
        {
            try
            {
                await self.SwitchBack("waiting");
                return "not reached";
            }
            catch (IOException e)
            {
                Assert.Same(thrown, e);
                return $"caught, then {await self.SwitchBack("caught")}";
            }
        });
        Assert.Equal("waiting", await one.Switch(0));
        Assert.Equal("caught", await one.Throw(thrown));
        Assert.Equal("caught, then 7", await one.Switch(7));
    }

    [Fact]
    public async Task One_that_has_not_started_ends_with_what_is_thrown_into_it()
    {
        IOException thrown = new("thrown");
        SymmetricCoroutine<int, int> one = new((_, _) => throw new InvalidOperationException("it ran"));
        Assert.Same(thrown, await Assert.ThrowsAsync<IOException>(async () => await one.Throw(thrown)));
        Assert.False(one.IsAlive);
    }

    [Fact]
    public async Task What_is_thrown_and_not_caught_comes_out_at_the_parent_with_its_stack()
    {
        SymmetricCoroutine<int, int> one = new(async (self, value) => await self.SwitchBack(value));
        await one.Switch(1);
        IOException error = await Assert.ThrowsAsync<IOException>(async () => await one.Throw(new IOException("thrown")));
        Assert.Contains(
            nameof(What_is_thrown_and_not_caught_comes_out_at_the_parent_with_its_stack), error.StackTrace, StringComparison.Ordinal);
        Assert.False(one.IsAlive);
    }

    [Fact]
    public async Task One_may_be_thrown_into_by_another()
    {
        SymmetricCoroutine<int, int> victim = new(async (self, value) =>
        {
            try
            {
                return await self.SwitchBack(value);
            }
            catch (IOException)
            {
                _log.Add("victim caught");
                return -1;
            }
        });
        SymmetricCoroutine<int, int> thrower = new(async (_, value) =>
        {
            // The victim's parent is the root, so its end goes there and not here.
            await victim.Throw(new IOException("thrown"));
            _log.Add("not reached");
            return value;
        });
        await victim.Switch(1);
        Assert.Equal(-1, await thrower.Switch(2));
        Assert.True(thrower.IsAlive);
        _log.Expect("victim caught");
    }

    [Fact]
    public async Task Current_is_the_one_whose_body_runs_and_null_in_the_root()
    {
        Assert.Null(SymmetricCoroutine.Current);
        SymmetricCoroutine<int, int> inner = new(async (self, value) =>
        {
            Assert.Same(self, SymmetricCoroutine.Current);
            value = await self.SwitchBack(value);
            Assert.Same(self, SymmetricCoroutine.Current);
            return value;
        });
        SymmetricCoroutine<int, int> outer = new(async (self, value) =>
        {
            await inner.Switch(value);
            Assert.Same(self, SymmetricCoroutine.Current);
            await self.SwitchBack(value);
            Assert.Same(self, SymmetricCoroutine.Current);
            return value;
        });
        await outer.Switch(1);
        Assert.Null(SymmetricCoroutine.Current);
        await inner.Switch(1);
        await outer.Switch(1);
        Assert.Null(SymmetricCoroutine.Current);
    }

    [Fact]
    public async Task Methods_that_a_body_calls_may_switch_for_it()
    {
        SymmetricCoroutine<int, int> one = new(async (self, value) =>
        {
            int sum = value;
            for (int i = 0; i < 3; i++)
                sum += await TwiceAsync(self, sum);
            return sum;
        });
        List<int> seen = [];
        for (int i = 1; one.IsAlive; i++)
            seen.Add(await one.Switch(i));
        Assert.Equal([1, 102, 6, 104, 15, 106, 28], seen);

        static async Task<int> TwiceAsync(SymmetricCoroutine<int, int> self, int sum)
        {
            int first = await self.SwitchBack(sum);
            return first + await self.SwitchBack(100 + first);
        }
    }

    [Fact]
    public async Task A_body_may_switch_to_itself_and_gets_the_value_at_once()
    {
        SymmetricCoroutine<int, int> one = new(async (self, value) =>
        {
            int same = await self.Switch(value + 1);
            await Assert.ThrowsAsync<IOException>(async () => await self.Throw(new IOException("at once")));
            return await self.SwitchBack(same);
        });
        Assert.Equal(6, await one.Switch(5));
        Assert.Equal(9, await one.Switch(9));
    }

    [Fact]
    public async Task A_value_of_a_derived_type_and_null_fit()
    {
        SymmetricCoroutine<object?, object?> wide = null!;
        SymmetricCoroutine<object?, string> narrow = new(async (_, value) => $"{await wide.Switch(value)}");
        wide = new(async (self, value) =>
        {
            _log.Add($"{value}");
            // 'narrow' waits for what 'wide' gives: an object.
            await narrow.Switch(7);
            return null;
        });
        Assert.Equal("7", await narrow.Switch("text"));
        _log.Expect("text");
        SymmetricCoroutine<string?, string?> nulls = new(async (self, value) => await self.SwitchBack(value));
        Assert.Null(await nulls.Switch(null));
        Assert.Null(await nulls.Switch(null));
    }

    [Fact]
    public async Task Outside_of_coroutines_a_body_may_yield_and_stays_on_its_thread()
    {
        int thread = Environment.CurrentManagedThreadId;
        SynchronizationContext? context = SynchronizationContext.Current;
        SymmetricCoroutine<int, int> yielding = new(async (self, value) =>
        {
            while (true)
            {
                await Task.Yield();
                Assert.Equal(thread, Environment.CurrentManagedThreadId);
                value = await self.SwitchBack(value);
            }
        });
        for (int i = 0; i < 10; i++)
            Assert.Equal(i, await yielding.Switch(i));
        Assert.Equal(thread, Environment.CurrentManagedThreadId);
        Assert.Same(context, SynchronizationContext.Current);
    }

    [Fact]
    public async Task Outside_of_coroutines_a_suspended_one_may_go_on_on_another_thread()
    {
        SymmetricCoroutine<int, int> counter = new(async (self, value) =>
        {
            int sum = 0;
            while (true)
                await AddAsync(await Next());

            async Task AddAsync(int added) => value = await self.SwitchBack(sum += added);
            async Task<int> Next() => value == 0 ? await self.SwitchBack(-1) : value;
        });
        List<int> sums = [await counter.Switch(1), await counter.Switch(0)];
        Thread other = new(() => sums.Add(WithoutAwait(counter.Switch(5))));
        other.Start();
        other.Join();
        sums.Add(await counter.Switch(2));
        Assert.Equal([1, -1, 6, 8], sums);
    }

    [Fact]
    public async Task Async_locals_of_bodies_are_as_in_async_methods()
    {
        AsyncLocal<string> local = new() { Value = "root" };
        SymmetricCoroutine<int, int> other = new(async (self, value) =>
        {
            // It is the flow of who started it.
            Assert.Equal("one", local.Value);
            local.Value = "other";
            while (true)
            {
                value = await self.SwitchBack(value);
                Assert.Equal("other", local.Value);
            }
        });
        SymmetricCoroutine<int, int> one = new(async (self, value) =>
        {
            Assert.Equal("root", local.Value);
            local.Value = "one";
            await other.Switch(value);
            Assert.Equal("one", local.Value);
            await self.SwitchBack(value);
            Assert.Equal("one", local.Value);
            return await other.Switch(value);
        });
        await one.Switch(1);
        Assert.Equal("root", local.Value);
        local.Value = "root again";
        await other.Switch(1);
        await one.Switch(1);
        Assert.Equal("root again", local.Value);
    }

    [Fact]
    public async Task A_body_that_is_no_async_method_leaks_no_async_local()
    {
        AsyncLocal<string> local = new() { Value = "root" };
        SymmetricCoroutine<int, int> plain = new((_, value) =>
        {
            local.Value = "plain";
            return Task.FromResult(value);
        });
        Assert.Equal(3, await plain.Switch(3));
        Assert.Equal("root", local.Value);
    }

    private static int WithoutAwait(SwitchAwaitable<int, int> made)
    {
        SwitchAwaitable<int, int>.Awaiter awaiter = made.GetAwaiter();
        Assert.True(awaiter.IsCompleted);
        return awaiter.GetResult();
    }

    private static SymmetricCoroutine<int, int> Doubler() => new(async (self, value) =>
    {
        while (true)
            value = await self.SwitchBack(2 * value);
    });
}
