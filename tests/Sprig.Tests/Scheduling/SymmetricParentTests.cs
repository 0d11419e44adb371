using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>Who gets control when a symmetric coroutine ends, and how one is unwound.</summary>
public class SymmetricParentTests
{
    private readonly EventLog _log = new();

    [Fact]
    public async Task The_parent_is_the_one_whose_body_made_it_and_gets_its_result()
    {
        SymmetricCoroutine<int, int> child = null!;
        SymmetricCoroutine<int, int> sibling = null!;
        SymmetricCoroutine<int, int> parent = new(async (self, value) =>
        {
            child = new(async (_, first) => 10 * await sibling.Switch(first + 1));
            Assert.Same(self, child.Parent);
            int result = await child.Switch(value);
            _log.Add($"parent has {result}");
            return result + 1;
        });
        sibling = new(async (_, value) => await child.Switch(value + 1));
        Assert.Null(parent.Parent);
        Assert.Null(sibling.Parent);
        // Root -> parent -> child -> sibling -> child, which ends: parent, which ends: root.
        Assert.Equal(31, await parent.Switch(1));
        _log.Expect("parent has 30");
        Assert.True(sibling.IsAlive);
    }

    [Fact]
    public async Task An_error_is_raised_in_the_parent_and_goes_on_to_its_own()
    {
        SymmetricCoroutine<int, int> parent = new(async (_, value) =>
        {
            SymmetricCoroutine<int, int> child = new((_, _) => throw new IOException("child"));
            try
            {
                return await child.Switch(value);
            }
            catch (IOException e)
            {
                _log.Add($"parent caught {e.Message}");
                throw new InvalidDataException("parent", e);
            }
        });
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(async () => await parent.Switch(1));
        Assert.Equal("child", error.InnerException!.Message);
        _log.Expect("parent caught child");
    }

    [Fact]
    public async Task A_cancellation_comes_out_as_itself()
    {
        using CancellationTokenSource source = new();
        await source.CancelAsync();
        SymmetricCoroutine<int, int> one = new(async (self, value) =>
        {
            await self.SwitchBack(value);
            source.Token.ThrowIfCancellationRequested();
            return value;
        });
        await one.Switch(1);
        OperationCanceledException error = await Assert.ThrowsAsync<OperationCanceledException>(async () => await one.Switch(1));
        Assert.Equal(source.Token, error.CancellationToken);
    }

    [Fact]
    public async Task The_parent_may_be_set()
    {
        SymmetricCoroutine<int, int> worker = new((_, value) => Task.FromResult(value + 1));
        SymmetricCoroutine<int, int> collector = new(async (self, value) =>
        {
            while (true)
            {
                _log.Add($"collected {value}");
                value = await self.SwitchBack(value);
            }
        });
        await collector.Switch(0);
        worker.Parent = collector;
        Assert.Same(collector, worker.Parent);
        // The worker ends to the collector, which switches back to who switched to it last: the root.
        Assert.Equal(6, await worker.Switch(5));
        _log.Expect("collected 0", "collected 6");
    }

    [Fact]
    public async Task The_end_of_a_parent_that_has_ended_already_goes_to_its_own_parent()
    {
        SymmetricCoroutine<int, int> top = new(async (self, value) =>
        {
            SymmetricCoroutine<int, int> grandchild = null!, child = null!;
            child = new((_, first) =>
            {
                grandchild = new((_, second) => Task.FromResult(second * 2));
                Assert.Same(child, grandchild.Parent);
                return Task.FromResult(first);
            });
            await child.Switch(value);
            Assert.Same(self, grandchild.Parent);
            SymmetricCoroutine<int, int> bystander = new(async (_, first) => -await grandchild.Switch(first));
            return 1 + await bystander.Switch(value);
        });
        Assert.Equal(7, await top.Switch(3));
    }

    [Fact]
    public async Task A_parent_that_has_not_started_starts_with_the_result()
    {
        SymmetricCoroutine<int, string> next = new((_, value) => Task.FromResult($"next got {value}"));
        SymmetricCoroutine<int, int> first = new((_, value) => Task.FromResult(value + 1)) { Parent = next };
        SymmetricCoroutine<string, string> starter = new(async (_, _) => $"{await first.Switch(1)}");
        // Root waits for a string, from the starter; next ends to it.
        Assert.Equal("next got 2", await starter.Switch("go"));
    }

    [Fact]
    public void Parents_form_no_circle()
    {
        SymmetricCoroutine<int, int> a = new((_, _) => Task.FromResult(0), "a");
        SymmetricCoroutine<int, int> b = new((_, _) => Task.FromResult(0), "b") { Parent = a };
        SymmetricCoroutine<int, int> c = new((_, _) => Task.FromResult(0), "c") { Parent = b };
        ArgumentException error = Assert.Throws<ArgumentException>(() => a.Parent = c);
        Assert.Contains("'a'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'c'", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => a.Parent = a);
        Assert.Null(a.Parent);
        a.Parent = null;
        c.Parent = a;
    }

    [Fact]
    public async Task A_result_that_its_parent_does_not_wait_for_is_an_error_there_that_names_both()
    {
        SymmetricCoroutine<int, string> other = new(async (self, _) => await Task.FromResult("other"), "other");
        SymmetricCoroutine<int, int> ending = new((_, value) => Task.FromResult(value), "ending");
        SymmetricCoroutine<int, string> parent = new(
            async (_, value) =>
            {
                ending.Parent = SymmetricCoroutine.Current;
                other = new(async (_, first) => $"{await ending.Switch(first)}", "other");
                return await other.Switch(value);
            },
            "parent");
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await parent.Switch(1));
        Assert.Equal(
            "symmetric coroutine 'ending' can't hand Int32 to symmetric coroutine 'parent', which waits for String; "
            + "symmetric coroutine 'ending' has ended, and the other is its parent.",
            error.Message);
    }

    [Fact]
    public async Task Disposing_runs_the_finally_blocks_and_comes_back_to_the_disposer_whoever_the_parent_is()
    {
        SymmetricCoroutine<int, int> generator = Unwindable();
        SymmetricCoroutine<int, int> bystander = new(async (self, value) => await self.SwitchBack(value));
        await bystander.Switch(0);
        generator.Parent = bystander;
        await generator.Switch(1);
        SymmetricCoroutine<int, string> disposer = new(async (_, _) =>
        {
            await generator.DisposeAsync();
            _log.Add("back");
            return "done";
        });
        Assert.Equal("done", await disposer.Switch(0));
        _log.Expect("symmetric coroutine 'unwindable' was disposed of. unwindable", "finally", "back");
        Assert.False(generator.IsAlive);
        Assert.True(bystander.IsAlive);
        // Once more changes nothing.
        await generator.DisposeAsync();
        _log.Expect("symmetric coroutine 'unwindable' was disposed of. unwindable", "finally", "back");
    }

    [Fact]
    public async Task Await_using_unwinds()
    {
        await using (SymmetricCoroutine<int, int> generator = Unwindable())
            Assert.Equal(1, await generator.Switch(1));
        _log.Expect("symmetric coroutine 'unwindable' was disposed of. unwindable", "finally");
    }

    [Fact]
    public async Task One_that_has_not_started_never_runs_once_it_is_disposed_of()
    {
        SymmetricCoroutine<int, int> generator = Unwindable();
        await generator.DisposeAsync();
        Assert.False(generator.IsAlive);
        _log.Expect();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await generator.Switch(1));
    }

    [Fact]
    public async Task One_that_has_ended_may_be_disposed_of()
    {
        SymmetricCoroutine<int, int> one = new((_, value) => Task.FromResult(value));
        await one.Switch(1);
        await one.DisposeAsync();
    }

    [Fact]
    public async Task An_error_of_its_clean_up_comes_out_of_DisposeAsync()
    {
        SymmetricCoroutine<int, int> one = new(async (self, value) =>
        {
            try
            {
                return await self.SwitchBack(value);
            }
            finally
            {
                await self.FailAsync();
            }
        });
        await one.Switch(1);
        await Assert.ThrowsAsync<IOException>(async () => await one.DisposeAsync());
        Assert.False(one.IsAlive);
    }

    [Fact]
    public async Task One_that_returns_after_all_is_disposed_of_too()
    {
        SymmetricCoroutine<int, int> one = new(async (self, value) =>
        {
            try
            {
                return await self.SwitchBack(value);
            }
            catch (CoroutineKilledException)
            {
                return 5;
            }
        });
        await one.Switch(1);
        await one.DisposeAsync();
        Assert.False(one.IsAlive);
    }

    [Fact]
    public async Task One_that_switches_on_instead_of_ending_is_named()
    {
        SymmetricCoroutine<int, int> stubborn = new(
            async (self, value) =>
            {
                while (true)
                {
                    try
                    {
                        value = await self.SwitchBack(value);
                        if (value == 99)
                            return value;
                    }
                    catch (CoroutineKilledException)
                    {
                        value = -1;
                    }
                }
            },
            "stubborn");
        await stubborn.Switch(1);
        SymmetricCoroutine<int, int> disposer = new(async (self, value) =>
        {
            InvalidOperationException error
                = await Assert.ThrowsAsync<InvalidOperationException>(async () => await stubborn.DisposeAsync());
            Assert.Contains("'stubborn'", error.Message, StringComparison.Ordinal);
            await self.SwitchBack(value);
            _log.Add("not reached");
            return value;
        });
        Assert.Equal(1, await disposer.Switch(1));
        Assert.True(stubborn.IsAlive);
        // And it ends to its parent, not to the one that wanted to be rid of it.
        Assert.Equal(99, await stubborn.Switch(99));
        _log.Expect();
    }

    [Fact]
    public async Task A_body_can_not_dispose_of_itself()
    {
        SymmetricCoroutine<int, int> one = new(async (self, value) =>
        {
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await self.DisposeAsync());
            return value;
        });
        Assert.Equal(1, await one.Switch(1));
    }

    private SymmetricCoroutine<int, int> Unwindable() => new(
        async (self, value) =>
        {
            try
            {
                while (true)
                    value = await self.SwitchBack(value);
            }
            catch (CoroutineKilledException e)
            {
                _log.Add($"{e.Message} {e.CoroutineName}");
                throw;
            }
            finally
            {
                _log.Add("finally");
            }
        },
        "unwindable");
}

file static class Failing
{
    internal static async Task FailAsync(this SymmetricCoroutine<int, int> self)
    {
        await Task.CompletedTask;
        throw new IOException($"{self.Name}");
    }
}
