using System.Runtime.CompilerServices;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>AsyncLocal on Sprig: what is inherited, what is not, and how long a value lives.</summary>
public class AsyncLocalTests
{
    private readonly AsyncLocal<string?> _local = new();
    private readonly AsyncLocal<object?> _held = new();
    private readonly VirtualRun _run = new();

    public enum Way
    {
        Completes,
        Fails,
        IsKilled,
        IsKilledBeforeItsFirstStep,
        IsKilledBeforeItsDelay,
        IsGivenUp,
    }

    [Fact]
    public void It_flows_into_children_and_their_children_and_their_changes_do_not_come_back()
    {
        _run.Run(async () =>
        {
            _local.Value = "main";
            Coroutine child = Coroutine.Spawn(async () =>
            {
                Assert.Equal("main", _local.Value);
                _local.Value = "child";
                Coroutine grandchild = Coroutine.Spawn(() =>
                {
                    Assert.Equal("child", _local.Value);
                    _local.Value = "grandchild";
                    return Task.CompletedTask;
                });
                await grandchild;
                Assert.Equal("child", _local.Value);
            });
            Assert.Equal("main", _local.Value);
            await child;
            Assert.Equal("main", _local.Value);
        });
        Assert.Null(_local.Value);
    }

    [Fact]
    public void A_child_has_what_its_parent_had_when_it_spawned_it()
    {
        _run.Run(async () =>
        {
            _local.Value = "early";
            Coroutine early = Coroutine.Spawn(() => Expect("early"));
            Coroutine delayed = Coroutine.SpawnAfter(VirtualRun.Seconds(1), () => Expect("early"));
            _local.Value = "late";
            Coroutine late = Coroutine.Spawn(() => Expect("late"));
            await Coroutine.JoinAll([early, delayed, late], raiseError: true);
        });
    }

    [Fact]
    public void Values_of_two_coroutines_whose_steps_interleave_do_not_mix()
    {
        _run.Run(async () =>
        {
            WaitQueue turn = new("turn");
            await Coroutine.JoinAll([Coroutine.Spawn(() => Count("a")), Coroutine.Spawn(() => Count("b"))], raiseError: true);

            async Task Count(string name)
            {
                for (int i = 0; i < 10; i++)
                {
                    _local.Value = $"{name}{i}";
                    _run.Log.Add(_local.Value);
                    await Coroutine.Yield();
                    await Expect($"{name}{i}");
                    turn.WakeAll();
                    await turn.WaitAsync(VirtualRun.Seconds(1));
                    await Expect($"{name}{i}");
                    await Change($"{name}{i}");
                    await Expect($"{name}{i}");
                }
            }
        });
        // They did interleave.
        _run.Log.Expect([.. Enumerable.Range(0, 10).SelectMany(i => new[] { $"a{i}", $"b{i}" })]);
    }

    [Fact]
    public void A_change_in_an_async_method_stays_there()
    {
        _run.Run(async () =>
        {
            _local.Value = "caller";
            await Change("caller");
            Assert.Equal("caller", _local.Value);
        });
    }

    [Theory]
    [InlineData(Way.Completes)]
    [InlineData(Way.Fails)]
    [InlineData(Way.IsKilled)]
    [InlineData(Way.IsKilledBeforeItsFirstStep)]
    [InlineData(Way.IsKilledBeforeItsDelay)]
    [InlineData(Way.IsGivenUp)]
    public void When_the_coroutine_ends_its_value_is_released_though_the_handle_lives(Way way)
    {
        WeakReference value = null!;
        Coroutine handle = null!;
        _run.Run(async () =>
        {
            (handle, value) = SpawnWithValue(way);
            Assert.True(Survives(value));
            if (way is Way.IsKilledBeforeItsFirstStep or Way.IsKilledBeforeItsDelay)
                handle.Kill();
            await Coroutine.Yield();
            await Coroutine.Yield();
            if (way == Way.IsKilled)
                handle.Kill();
            if (way == Way.IsGivenUp)
                return;
            await handle.JoinAsync();
            _ = handle.Exception;
            // Its last entry is out of the ready ring, whatever that was.
            await Bodies.SleepFor(1);
            Assert.False(Survives(value));
        });
        Assert.False(handle.IsAlive);
        Assert.False(Survives(value));
        GC.KeepAlive(handle);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (Coroutine Handle, WeakReference Value) SpawnWithValue(Way way)
    {
        object value = new();
        _held.Value = value;
        SpawnOptions daemon = new() { Daemon = DaemonRule.UntilMainReturns };
        Coroutine handle = way == Way.IsKilledBeforeItsDelay
            ? Coroutine.SpawnAfter(VirtualRun.Seconds(9), Bodies.SleepForEver, daemon)
            : Coroutine.Spawn(() => Live(way), daemon);
        _held.Value = null;
        return (handle, new WeakReference(value));
    }

    private async Task Live(Way way)
    {
        await Coroutine.Yield();
        Assert.NotNull(_held.Value);
        if (way == Way.IsGivenUp)
            await Bodies.NeverGiveUp();
        if (way == Way.IsKilled)
            await Bodies.SleepForEver();
        if (way == Way.Fails)
            throw new IOException("failed");
    }

    private async Task Change(string expected)
    {
        await Expect(expected);
        _local.Value = "changed";
        await Coroutine.Yield();
        await Expect("changed");
    }

    private Task Expect(string value)
    {
        Assert.Equal(value, _local.Value);
        return Task.CompletedTask;
    }

    private static bool Survives(WeakReference value)
    {
        GC.Collect();
        return value.IsAlive;
    }
}
