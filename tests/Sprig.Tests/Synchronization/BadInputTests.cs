using Sprig.Scheduling;
using Sprig.Supervision;
using Sprig.Synchronization;
using Sprig.Tests.Scheduling;
using Xunit;

namespace Sprig.Tests.Synchronization;

/// <summary>Bad input gets an error that names the object and says what to do.</summary>
public class BadInputTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void A_bad_size_names_the_object_and_the_parameter()
    {
        AssertRefused("capacity", () => new AsyncQueue<int>(-1, "mine"));
        AssertRefused("capacity", () => new AsyncLifoQueue<int>(-1, "mine"));
        AssertRefused("capacity", () => new AsyncPriorityQueue<int, int>(-1, name: "mine"));
        AssertRefused("capacity", () => new Mailbox<int>(-1, "mine"));
        AssertRefused("initialCount", () => new AsyncSemaphore(-1, name: "mine"));
        AssertRefused("maxCount", () => new AsyncSemaphore(0, 0, "mine"));
        AssertRefused("initialCount", () => new AsyncSemaphore(3, 2, "mine"));
        AssertRefused("participantCount", () => new AsyncBarrier(0, "mine"));
        AssertRefused("count", () =>
        {
            new AsyncSemaphore(1, name: "mine").Release(0);
            return null;
        });
        AssertRefused("size", () => new CoroutinePool(0, "mine"));
        AssertRefused("maxThreads", () => new BlockingPool(0, name: "mine"));
        AssertRefused("size", () => new ProcessPool(0, new ProcessPoolOptions { Name = "mine" }));
    }

    [Fact]
    public void A_broadcast_refuses_a_bad_capacity_and_an_unknown_way_with_slow_subscribers()
    {
        Broadcast<int> broadcast = new("mine");
        AssertRefused("capacity", () => broadcast.Subscribe(-1));
        AssertRefused("whenFull", () => broadcast.Subscribe(1, (SlowSubscriber)9));
        Assert.Equal(0, broadcast.SubscriberCount);
    }

    [Fact]
    public void A_reader_that_would_write_is_told_to_end_the_read_first() => _run.Run(async () =>
    {
        AsyncReaderWriterLock mine = new("mine");
        using (await mine.AcquireReadAsync())
        {
            DeadlockException error = await Assert.ThrowsAsync<DeadlockException>(async () => await mine.AcquireWriteAsync());
            Assert.Contains("End the read first", error.Message, StringComparison.Ordinal);
        }
    });

    [Fact]
    public void A_pool_outside_of_a_loop_names_itself()
    {
        CoroutinePool pool = new(1, "mine");
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => pool.Submit(() => Task.CompletedTask));
        Assert.Contains("'mine'", error.Message, StringComparison.Ordinal);
        Assert.Contains("CoroutineScheduler.Run", error.Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(string parameter, Func<object?> action)
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(action);
        Assert.Equal(parameter, error.ParamName);
        Assert.Contains("mine'", error.Message, StringComparison.Ordinal);
    }
}
