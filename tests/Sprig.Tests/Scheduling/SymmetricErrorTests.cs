using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>Switches that can't be: each says so at once, names who it is about, and leaves everything as it was.</summary>
public class SymmetricErrorTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void Missing_arguments_are_told_at_once()
    {
        Assert.Throws<ArgumentNullException>(() => new SymmetricCoroutine<int, int>(null!));
        Assert.Throws<ArgumentNullException>(() => Echo("echo").Throw(null!));
    }

    [Fact]
    public async Task Switching_to_one_that_has_ended_is_an_error()
    {
        SymmetricCoroutine<int, int> one = new((_, value) => Task.FromResult(value), "one");
        await one.Switch(1);
        await Refused("symmetric coroutine 'one' has ended", async () => await one.Switch(1));
        await Refused("symmetric coroutine 'one' has ended", async () => await one.Throw(new IOException()));
    }

    [Fact]
    public async Task A_body_that_returns_null_or_throws_before_its_first_await_ends_with_that()
    {
        SymmetricCoroutine<int, int> none = new((_, _) => null!, "none");
        await Refused("The body of symmetric coroutine 'none' returned null", async () => await none.Switch(1));
        SymmetricCoroutine<int, int> failing = new((_, _) => throw new IOException("early"));
        await Assert.ThrowsAsync<IOException>(async () => await failing.Switch(1));
        Assert.False(none.IsAlive || failing.IsAlive);
    }

    [Fact]
    public async Task Values_that_do_not_fit_are_refused_by_name_and_nothing_is_lost()
    {
        SymmetricCoroutine<int, string> waiting = null!;
        SymmetricCoroutine<int, int> numbers = new(
            async (_, value) =>
            {
                // It takes numbers, but waits for what 'texts' gives.
                await Refused(
                    "symmetric coroutine 'numbers' can't hand Int32 to symmetric coroutine 'waiting', which waits for String.",
                    async () => await waiting.Switch(5));
                return value;
            },
            "numbers");
        SymmetricCoroutine<int, string> texts = new(async (_, value) => $"{await numbers.Switch(value)}", "texts");
        waiting = new(async (_, value) => $"got {await texts.Switch(value)}", "waiting");
        numbers.Parent = texts;
        texts.Parent = waiting;
        Assert.Equal("got 1", await waiting.Switch(1));
    }

    [Fact]
    public async Task Switching_back_when_nobody_has_switched_or_from_another_body_is_refused()
    {
        SymmetricCoroutine<int, int> echo = Echo("echo");
        await Refused(
            "symmetric coroutine 'echo' does not run here, the root of the code outside of coroutines does",
            async () => await echo.SwitchBack(1));
        SymmetricCoroutine<int, int> meddler = new(async (_, value) => await echo.SwitchBack(value), "meddler");
        await Refused(
            "symmetric coroutine 'echo' does not run here, symmetric coroutine 'meddler' does", async () => await meddler.Switch(1));
        await echo.Switch(1);
        await Refused("symmetric coroutine 'echo' does not run here", async () => await echo.SwitchBack(1));
        Assert.Equal(2, await echo.Switch(2));
        // Started by its child's end, not by a switch.
        SymmetricCoroutine<int, int> parent = new(async (self, value) => await self.SwitchBack(value), "parent");
        SymmetricCoroutine<int, int> child = new((_, value) => Task.FromResult(value)) { Parent = parent };
        await Refused("Nobody has switched to symmetric coroutine 'parent'", async () => await child.Switch(1));
    }

    [Fact]
    public async Task Switching_back_to_one_that_has_ended_is_refused()
    {
        SymmetricCoroutine<int, int> echo = Echo("echo");
        SymmetricCoroutine<int, int> passing = new(async (_, value) => await echo.Switch(value), "passing");
        Assert.Equal(1, await passing.Switch(1));
        Assert.False(passing.IsAlive);
        SymmetricCoroutine<int, int> child = new((_, value) => Task.FromResult(value)) { Parent = echo };
        // The end of its child brings control to 'echo', which was last switched to by 'passing'.
        await Refused("symmetric coroutine 'passing' has ended", async () => await child.Switch(2));
    }

    [Fact]
    public void One_belongs_to_the_coroutine_that_first_switched_to_it() => _run.Run(async () =>
    {
        SymmetricCoroutine<int, int> echo = Echo("echo");
        await echo.Switch(1);
        Coroutine child = Coroutine.Spawn(
            () => Refused(
                "'echo' belongs to coroutine 'main', which first switched to it, and can't be switched to in coroutine 'child'",
                async () => await echo.Switch(2)),
            new SpawnOptions { Name = "child" });
        await child;
        Assert.Equal(3, await echo.Switch(3));
        // Making one is not switching to it.
        SymmetricCoroutine<int, int> handed = Echo("handed");
        Coroutine user = Coroutine.Spawn(
            async () =>
            {
                await handed.Switch(1);
                await handed.Switch(1);
            },
            new SpawnOptions { Name = "user" });
        await user;
        await Refused("belongs to coroutine 'user', which has ended,", async () => await handed.Switch(1));
    });

    [Fact]
    public async Task What_began_outside_of_coroutines_stays_outside()
    {
        SymmetricCoroutine<int, int> echo = Echo("echo");
        await echo.Switch(1);
        _run.Run(() => Refused("'echo' belongs to the code outside of coroutines", async () => await echo.Switch(1)));
        SymmetricCoroutine<int, int> inside = Echo("inside");
        _run.Run(async () => await inside.Switch(1));
        await Refused("'inside' belongs to coroutine 'main', which has ended", async () => await inside.Switch(1));
    }

    [Fact]
    public void A_parent_in_another_coroutine_is_refused_when_its_child_is_first_switched_to() => _run.Run(async () =>
    {
        SymmetricCoroutine<int, int> orphan = null!;
        SymmetricCoroutine<int, int> parent = new(
            async (self, value) =>
            {
                orphan = new((_, first) => Task.FromResult(first), "orphan");
                return await self.SwitchBack(value);
            },
            "parent");
        await parent.Switch(1);
        await Coroutine.Spawn(async () =>
        {
            await Refused(
                "symmetric coroutine 'parent', the parent of symmetric coroutine 'orphan', belongs to coroutine 'main'",
                async () => await orphan.Switch(1));
            Assert.False(orphan.IsStarted);
            orphan.Parent = null;
            Assert.Equal(1, await orphan.Switch(1));
        });
    });

    [Fact]
    public void A_parent_in_another_coroutine_that_was_set_later_is_an_error_in_the_root_with_the_childs_own() => _run.Run(async () =>
    {
        SymmetricCoroutine<int, int> parent = Echo("parent");
        await parent.Switch(1);
        await Coroutine.Spawn(async () =>
        {
            SymmetricCoroutine<int, int> child = new(
                async (self, value) =>
                {
                    await self.SwitchBack(value);
                    throw new IOException("child failed");
                },
                "child");
            await child.Switch(1);
            child.Parent = parent;
            InvalidOperationException error = await Refused(
                "'child' has ended, but symmetric coroutine 'parent', its parent, does not wait", async () => await child.Switch(1));
            Assert.IsType<IOException>(error.InnerException);
        });
        Assert.Equal(2, await parent.Switch(2));
    });

    [Fact]
    public async Task Outside_of_coroutines_a_body_that_waits_for_something_else_is_refused_in_the_root()
    {
        TaskCompletionSource never = new();
        SymmetricCoroutine<int, int> waiting = new(
            async (_, value) =>
            {
                await never.Task;
                return value;
            },
            "waiting");
        await Refused("'waiting' waits for something other than a switch", async () => await waiting.Switch(1));
        await Refused("symmetric coroutine 'waiting' can't be switched to: it has control", async () => await waiting.Switch(1));
        Assert.Null(SymmetricCoroutine.Current);
        Assert.Equal(5, await Echo("echo").Switch(5));
        never.SetResult();
    }

    [Fact]
    public async Task Outside_of_coroutines_a_wait_of_the_loop_is_an_error_in_the_body()
    {
        SymmetricCoroutine<int, int> waiting = new(async (_, value) =>
        {
            await Coroutine.Sleep(TimeSpan.Zero);
            return value;
        });
        await Refused("No scheduler runs on thread", async () => await waiting.Switch(1));
    }

    [Fact]
    public void In_a_callback_of_the_loop_bodies_may_switch_but_not_wait()
    {
        _run.Run(async () =>
        {
            CoroutineScheduler.Current.Post(() =>
            {
                SwitchAwaitable<int, int>.Awaiter made = Echo("echo").Switch(4).GetAwaiter();
                _run.Log.Add($"{made.IsCompleted} {made.GetResult()}");
            });
            await Coroutine.Yield();
            await Coroutine.Yield();
        });
        _run.Log.Expect("True 4");
    }

    [Fact]
    public async Task A_result_is_there_once_and_not_before_control_is_back()
    {
        SwitchAwaitable<int, int>.Awaiter made = Echo("echo").Switch(1).GetAwaiter();
        Assert.Equal(1, Take(made));
        Assert.Throws<InvalidOperationException>(() => Take(made));
        SymmetricCoroutine<int, int> hasty = new(
            (_, value) => Task.FromResult(Take(Echo("echo").Switch(value).GetAwaiter())), "hasty");
        await Refused("The switch of symmetric coroutine 'hasty' has not come back", async () => await hasty.Switch(1));
    }

    [Fact]
    public async Task A_parent_of_one_that_was_refused_does_not_go_on_elsewhere()
    {
        EventLog log = new();
        TaskCompletionSource gate = new();
        SymmetricCoroutine<int, int> child = new(async (_, value) =>
        {
            await gate.Task;
            log.Add("child");
            return value;
        });
        SymmetricCoroutine<int, int> parent = new(async (self, value) =>
        {
            child.Parent = self;
            await child.Switch(value);
            log.Add("parent");
            return value;
        });
        await Refused("waits for something other than a switch", async () => await parent.Switch(1));
        // In a loop on this thread, which takes the continuation that is posted.
        SymmetricCoroutine<int, int> opening = new(async (_, value) =>
        {
            gate.SetResult();
            await Task.Yield();
            return value;
        });
        Assert.Equal(1, await opening.Switch(1));
        log.Expect("child");
        Assert.False(child.IsAlive);
    }

    [Fact]
    public async Task A_root_that_was_given_up_is_not_switched_back_to()
    {
        SymmetricCoroutine<int, int> stuck = new(async (_, _) =>
        {
            await new TaskCompletionSource().Task;
            return 0;
        });
        SymmetricCoroutine<int, int> back = new(async (self, value) => await self.SwitchBack(await stuck.Switch(value)), "back");
        await Refused("waits for something other than a switch", async () => await back.Switch(1));
        SymmetricCoroutine<int, int> other = new((_, value) => Task.FromResult(value)) { Parent = back };
        await Refused(
            "the root of the code outside of coroutines, which last switched to symmetric coroutine 'back'",
            async () => await other.Switch(2));
    }

    [Fact]
    public async Task A_switch_that_came_to_nothing_leaves_nothing_behind()
    {
        SymmetricCoroutine<int, int> echo = Echo("echo");
        await echo.Switch(1);
        Task<int> beside = null!;
        SymmetricCoroutine<int, int> careless = new((_, value) =>
        {
            // Nobody waits for it, and the body ends before control is passed.
            beside = ThrowIntoAsync(echo);
            return Task.FromResult(value);
        });
        Assert.Equal(2, await careless.Switch(2));
        await Refused("has ended while a flow beside its body waited in a switch", () => beside);
        Assert.Equal(3, await echo.Switch(3));

        static async Task<int> ThrowIntoAsync(SymmetricCoroutine<int, int> other)
            => await other.Throw(new IOException("came to nothing"));
    }

    [Fact]
    public void Two_flows_of_one_body_can_not_both_switch() => _run.Run(async () =>
    {
        SymmetricCoroutine<int, int> echo = Echo("echo");
        SymmetricCoroutine<int, int> torn = new(
            async (self, value) =>
            {
                Task<int> first = SwitchAsync(echo, 1);
                await Refused("symmetric coroutine 'torn' waits in a switch already", () => SwitchAsync(echo, 2));
                return await first + value;
            },
            "torn");
        Assert.Equal(11, await torn.Switch(10));

        static async Task<int> SwitchAsync(SymmetricCoroutine<int, int> other, int value) => await other.Switch(value);
    });

    private static SymmetricCoroutine<int, int> Echo(string name) => new(
        async (self, value) =>
        {
            while (true)
                value = await self.SwitchBack(value);
        },
        name);

    private static int Take(SwitchAwaitable<int, int>.Awaiter made) => made.GetResult();

    private static async Task<InvalidOperationException> Refused(string message, Func<Task> switching)
    {
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(switching);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        return error;
    }
}
