using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>AsyncLocal values: they flow from parent to child and stay there.</summary>
public class ExecutionContextTests
{
    private static readonly AsyncLocal<string?> s_local = new();
    private readonly VirtualRun _run = new();

    [Fact]
    public void AsyncLocal_flows_into_children_as_it_was_at_the_spawn()
    {
        _run.Run(async () =>
        {
            s_local.Value = "one";
            Coroutine first = Coroutine.Spawn(Note);
            Coroutine later = Coroutine.SpawnAfter(VirtualRun.Seconds(1), Note);
            s_local.Value = "two";
            Coroutine second = Coroutine.Spawn(Note);
            await Coroutine.JoinAll(first, second, later);
            Assert.Equal("two", s_local.Value);
        });
        _run.Log.Expect("one", "two", "one");
        Assert.Null(s_local.Value);
    }

    [Fact]
    public void AsyncLocal_set_in_a_callback_does_not_leak_into_the_next()
    {
        _run.Run(async () =>
        {
            CoroutineScheduler.Current.Post(() => s_local.Value = "mine");
            CoroutineScheduler.Current.Post(() => _run.Log.Add(s_local.Value ?? "nothing"));
            await Coroutine.Yield();
            await Coroutine.Yield();
            await Coroutine.Spawn(Note);
        });
        _run.Log.Expect("nothing", "nothing");
    }

    [Fact]
    public void AsyncLocal_does_not_leak_between_coroutines()
    {
        _run.Run(async () =>
        {
            WaitQueue queue = new("queue");
            Coroutine[] children = [.. Enumerable.Range(0, 3).Select(number => Coroutine.Spawn(async () =>
            {
                Assert.Null(s_local.Value);
                s_local.Value = $"{number}";
                await Coroutine.Yield();
                Assert.Equal($"{number}", s_local.Value);
                await Bodies.SleepFor(1);
                Assert.Equal($"{number}", s_local.Value);
                await queue.WaitAsync(VirtualRun.Seconds(1));
                Assert.Equal($"{number}", s_local.Value);
                await queue.WaitAsync(VirtualRun.Seconds(1)).ConfigureAwait(false);
                Assert.Equal($"{number}", s_local.Value);
                await Task.Factory.StartNew(() => 0, CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Default);
                Assert.Equal($"{number}", s_local.Value);
            }))];
            await Coroutine.JoinAll(children, raiseError: true);
            Assert.Null(s_local.Value);
            await Coroutine.Spawn(Note);
        });
        _run.Log.Expect("nothing");
    }

    [Fact]
    public void A_body_that_is_no_async_method_leaks_nothing_either()
    {
        _run.Run(async () =>
        {
            await Coroutine.Spawn(() =>
            {
                s_local.Value = "set in a plain body";
                return Task.CompletedTask;
            });
            Assert.Null(s_local.Value);
            await Coroutine.Spawn(Note);
        });
        _run.Log.Expect("nothing");
    }

    private Task Note()
    {
        _run.Log.Add(s_local.Value ?? "nothing");
        return Task.CompletedTask;
    }
}
