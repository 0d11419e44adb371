using System.Runtime.CompilerServices;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

public class CoroutineLocalTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void Each_coroutine_has_a_value_of_its_own()
    {
        CoroutineLocal<string> local = new();
        _run.Run(async () =>
        {
            local.Value = "main";
            Coroutine[] children = [.. Enumerable.Range(0, 3).Select(number => Coroutine.Spawn(async () =>
            {
                local.Value = $"{number}";
                await Coroutine.Yield();
                await Bodies.SleepFor(1);
                Assert.Equal($"{number}", local.Value);
                local.Value += "!";
                await Coroutine.Yield();
                Assert.Equal($"{number}!", local.Value);
            }))];
            await Coroutine.JoinAll(children, raiseError: true);
            Assert.Equal("main", local.Value);
        });
    }

    [Fact]
    public void A_child_does_not_inherit_it()
    {
        CoroutineLocal<int> local = new();
        _run.Run(async () =>
        {
            local.Value = 1;
            await Coroutine.Spawn(() =>
            {
                Assert.False(local.HasValue);
                Assert.Equal(0, local.Value);
                local.Value = 2;
                return Task.CompletedTask;
            });
            Assert.Equal(1, local.Value);
        });
    }

    [Fact]
    public void It_is_the_same_in_all_methods_and_flows_of_a_coroutine()
    {
        CoroutineLocal<int> local = new();
        _run.Run(async () =>
        {
            await Task.WhenAll(Add(), Add(), Add());
            Assert.Equal(3, local.Value);
        });

        async Task Add()
        {
            await Bodies.SleepFor(1);
            local.Value++;
        }
    }

    [Fact]
    public void Without_a_factory_a_read_makes_the_types_default_as_ThreadLocal_does()
    {
        using ThreadLocal<int> model = new();
        CoroutineLocal<int> local = new();
        CoroutineLocal<string> text = new();
        _run.Run(() =>
        {
            Assert.Equal(model.IsValueCreated, local.HasValue);
            Assert.Equal(model.Value, local.Value);
            Assert.Equal(model.IsValueCreated, local.HasValue);
            Assert.Null(text.Value);
            Assert.True(text.HasValue);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void The_factory_makes_the_value_once_in_each_coroutine_that_reads_it()
    {
        int made = 0;
        CoroutineLocal<List<int>> local = new(() =>
        {
            made++;
            return [];
        });
        _run.Run(async () =>
        {
            Assert.False(local.HasValue);
            Assert.Equal(0, made);
            local.Value!.Add(1);
            local.Value!.Add(2);
            Assert.Equal([1, 2], local.Value);
            await Coroutine.Spawn(() =>
            {
                Assert.Empty(local.Value!);
                return Task.CompletedTask;
            });
            Assert.Equal(2, made);
        });
    }

    [Fact]
    public void A_value_that_is_set_first_needs_no_factory()
    {
        CoroutineLocal<int> local = new(() => throw new InvalidOperationException("not needed"));
        _run.Run(() =>
        {
            local.Value = 5;
            Assert.Equal(5, local.Value);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void Cleared_it_is_made_anew()
    {
        int made = 0;
        CoroutineLocal<int> local = new(() => ++made);
        _run.Run(() =>
        {
            local.Clear();
            Assert.Equal(1, local.Value);
            local.Clear();
            Assert.False(local.HasValue);
            Assert.Equal(2, local.Value);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void A_factory_that_throws_leaves_nothing_and_is_asked_again()
    {
        int asked = 0;
        CoroutineLocal<int> local = new(() => ++asked < 3 ? throw new IOException("not yet") : asked);
        _run.Run(() =>
        {
            Assert.Throws<IOException>(() => local.Value);
            Assert.False(local.HasValue);
            Assert.Throws<IOException>(() => local.Value);
            Assert.Equal(3, local.Value);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void A_factory_that_uses_the_value_it_is_to_make_is_an_error_and_not_the_end_of_the_stack()
    {
        CoroutineLocal<int> reading = null!;
        reading = new(() => reading.Value + 1);
        CoroutineLocal<int> writing = null!;
        writing = new(() => writing.Value = 1);
        _run.Run(() =>
        {
            InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => reading.Value);
            Assert.Contains("CoroutineLocal of Int32", error.Message, StringComparison.Ordinal);
            Assert.False(reading.HasValue);
            Assert.Throws<InvalidOperationException>(() => writing.Value);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void A_factory_may_use_other_locals()
    {
        CoroutineLocal<int> first = new(() => 1);
        CoroutineLocal<int> second = new(() => first.Value + 1);
        CoroutineLocal<int> third = new(() => second.Value + first.Value);
        _run.Run(() =>
        {
            Assert.Equal(3, third.Value);
            Assert.Equal(1, first.Value);
            Assert.Equal(2, second.Value);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void Many_locals_of_many_types_do_not_mix()
    {
        CoroutineLocal<int>[] numbers = [.. Enumerable.Range(0, 50).Select(_ => new CoroutineLocal<int>())];
        CoroutineLocal<string>[] texts = [.. Enumerable.Range(0, 50).Select(_ => new CoroutineLocal<string>())];
        _run.Run(() =>
        {
            for (int i = 0; i < 50; i++)
                (numbers[i].Value, texts[i].Value) = (i, $"{i}");
            for (int i = 0; i < 50; i += 2)
                numbers[i].Clear();
            for (int i = 0; i < 50; i++)
            {
                Assert.Equal(i % 2 == 0 ? 0 : i, numbers[i].Value);
                Assert.Equal($"{i}", texts[i].Value);
            }

            return Task.CompletedTask;
        });
    }

    [Fact]
    public void One_local_may_serve_two_schedulers()
    {
        CoroutineLocal<int> local = new();
        Thread other = new(() => CoroutineScheduler.Run(() =>
        {
            Assert.False(local.HasValue);
            local.Value = 2;
            return Task.CompletedTask;
        }));
        _run.Run(() =>
        {
            local.Value = 1;
            other.Start();
            other.Join();
            Assert.Equal(1, local.Value);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void Outside_of_coroutines_it_is_an_error_that_says_so()
    {
        CoroutineLocal<int> local = new();
        ExpectErrors(local);
        _run.Run(async () =>
        {
            CoroutineScheduler.Current.Post(() => ExpectErrors(local));
            await Coroutine.Yield();
            Coroutine child = Coroutine.Spawn(Bodies.SleepForEver);
            child.AddDoneCallback(_ => ExpectErrors(local));
            await child.KillAsync();
            Thread foreign = new(() => ExpectErrors(local));
            foreign.Start();
            foreign.Join();
            await Coroutine.Sleep(VirtualRun.Seconds(1));
        });
        _run.Reports.Expect();
    }

    [Fact]
    public void A_flow_that_outlives_its_coroutine_has_none_any_more()
    {
        CoroutineLocal<int> local = new();
        _run.Run(async () =>
        {
            Task leftBehind = Task.CompletedTask;
            await Coroutine.Spawn(() =>
            {
                local.Value = 1;
                leftBehind = UseLater();
                return Task.CompletedTask;
            });
            InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => leftBehind);
            Assert.Contains("which has ended", error.Message, StringComparison.Ordinal);
        });

        async Task UseLater()
        {
            await Bodies.SleepFor(1);
            local.Value = 2;
        }
    }

    public enum Way
    {
        Completes,
        Fails,
        IsKilled,
        IsGivenUp,
    }

    [Theory]
    [InlineData(Way.Completes)]
    [InlineData(Way.Fails)]
    [InlineData(Way.IsKilled)]
    [InlineData(Way.IsGivenUp)]
    public void When_its_coroutine_ends_the_value_is_released_though_the_handle_lives(Way way)
    {
        CoroutineLocal<object> local = new();
        WeakReference value = null!;
        Coroutine handle = null!;
        _run.Run(async () =>
        {
            handle = Coroutine.Spawn(
                async () =>
                {
                    value = SetNew(local);
                    await Coroutine.Yield();
                    if (way == Way.IsGivenUp)
                        await Bodies.NeverGiveUp();
                    if (way == Way.IsKilled)
                        await Bodies.SleepForEver();
                    if (way == Way.Fails)
                        throw new IOException("failed");
                },
                new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
            await Coroutine.Yield();
            Assert.True(Survives(value));
            await Coroutine.Yield();
            if (way == Way.IsKilled)
                handle.Kill();
            if (way == Way.IsGivenUp)
                return;
            await handle.JoinAsync();
            _ = handle.Exception;
            Assert.False(Survives(value));
        });
        Assert.False(handle.IsAlive);
        Assert.False(Survives(value));
        GC.KeepAlive(local);
    }

    [Fact]
    public void What_nobody_can_reach_any_more_is_not_kept_by_a_coroutine_that_lives_on()
    {
        _run.Run(() =>
        {
            WeakReference[] values = [.. Enumerable.Range(0, 100).Select(_ => SetNewOfNewLocal())];
            GC.Collect();
            // The next that is new sweeps.
            CoroutineLocal<int> next = new();
            next.Value = 1;
            int alive = values.Count(Survives);
            Assert.True(alive <= 1, $"{alive} live.");
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void A_cleared_value_is_released()
    {
        CoroutineLocal<object> local = new();
        _run.Run(() =>
        {
            WeakReference value = SetNew(local);
            Assert.True(Survives(value));
            local.Clear();
            Assert.False(Survives(value));
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void Reading_and_writing_a_present_value_allocates_nothing()
    {
        CoroutineLocal<(long, int)> pair = new();
        CoroutineLocal<string> text = new();
        CoroutineLocal<int> number = new(() => 7);
        _run.Run(() =>
        {
            Use(pair, text, number);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++)
                Use(pair, text, number);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
            return Task.CompletedTask;
        });

        static void Use(CoroutineLocal<(long, int)> pair, CoroutineLocal<string> text, CoroutineLocal<int> number)
        {
            pair.Value = (pair.Value.Item1 + 1, 2);
            text.Value = text.Value is null ? "one" : "two";
            number.Value += 1;
            Assert.True(number.HasValue);
            // Its place is kept.
            number.Clear();
        }
    }

    private static void ExpectErrors(CoroutineLocal<int> local)
    {
        Action[] uses = [() => _ = local.Value, () => local.Value = 1, () => _ = local.HasValue, local.Clear];
        foreach (Action use in uses)
        {
            InvalidOperationException error = Assert.Throws<InvalidOperationException>(use);
            Assert.Contains("CoroutineLocal of Int32", error.Message, StringComparison.Ordinal);
            Assert.Contains("coroutine's body", error.Message, StringComparison.Ordinal);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference SetNew(CoroutineLocal<object> local)
    {
        object value = new();
        local.Value = value;
        return new WeakReference(value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference SetNewOfNewLocal() => SetNew(new CoroutineLocal<object>());

    private static bool Survives(WeakReference value)
    {
        GC.Collect();
        return value.IsAlive;
    }
}
