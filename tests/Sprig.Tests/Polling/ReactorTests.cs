using System.Diagnostics;
using Sprig.Linux;
using Sprig.Polling;
using Sprig.Tests.Support;
using Xunit;

namespace Sprig.Tests.Polling;

public sealed class ReactorTests : IDisposable
{
    private const long Millisecond = 1_000_000;
    private readonly Reactor _reactor = new();
    private readonly List<string> _trace = [];

    public void Dispose() => _reactor.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_timeout_never_ends_early_and_calls_nobody(bool timerFd)
    {
        using TestPair pipe = TestPair.Pipe();
        using Reactor reactor = new(timerFd);
        FdWatcher watcher = reactor.Watch(pipe.Near, read: true, write: false, "a pipe");
        watcher.ArmReader(new RecordingWaiter("it", _trace));
        long start = Stopwatch.GetTimestamp();
        reactor.Poll(Millisecond);
        Assert.True(Stopwatch.GetTimestamp() - start >= Millisecond);
        Assert.Empty(_trace);
        Assert.Equal(1, reactor.Armed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Wake_from_another_thread_ends_a_sleep_without_end(bool timerFd)
    {
        using Reactor reactor = new(timerFd);
        SignalledThread<int> sleeper = new(() => reactor.Poll(long.MaxValue));
        sleeper.WaitUntilAsleep();
        reactor.Wake();
        Assert.Equal(1, sleeper.Join());
    }

    [Fact]
    public void A_wake_that_came_first_ends_the_next_sleep_and_that_one_alone()
    {
        _reactor.Wake();
        _reactor.Wake();
        Assert.Equal(1, _reactor.Poll(long.MaxValue));
        Assert.Equal(0, _reactor.Poll(0));
        _reactor.Wake();
        Assert.Equal(1, _reactor.Poll(long.MaxValue));
    }

    [Fact]
    public void After_Dispose_waking_does_nothing_and_watching_is_an_ObjectDisposedException()
    {
        using TestPair pipe = TestPair.Pipe();
        Reactor reactor = new();
        reactor.Dispose();
        reactor.Dispose();
        reactor.Wake();
        Assert.Throws<ObjectDisposedException>(() => reactor.Watch(pipe.Near, read: true, write: false, "a pipe"));
        Assert.Throws<ObjectDisposedException>(() => reactor.Poll(0));
    }

    [Fact]
    public void Each_of_many_watchers_gets_its_own_event_however_small_the_buffer_is()
    {
        TestPair[] pipes = [.. Enumerable.Range(0, 150).Select(_ => TestPair.Pipe())];
        for (int i = 0; i < pipes.Length; i++)
            Watch(pipes[i].Near, $"{i}").ArmReader(new RecordingWaiter($"{i}", _trace));
        for (int i = 0; i < pipes.Length; i += 2)
            pipes[i].Send();
        while (_reactor.Poll(0) > 0)
        {
            // The buffer holds 64 events; the kernel keeps the rest.
        }

        Assert.Equal(Enumerable.Range(0, 75).Select(i => $"{2 * i} ready").Order(), _trace.Order());
        Assert.Equal(75, _reactor.Armed);
        Array.ForEach(pipes, pipe => pipe.Dispose());
    }

    [Fact]
    public void An_event_of_a_watcher_that_was_closed_in_the_same_round_is_not_delivered()
    {
        using TestPair first = TestPair.Pipe();
        using TestPair second = TestPair.Pipe();
        FdWatcher closed = Watch(second.Near, "second");
        Watch(first.Near, "first").ArmReader(new RecordingWaiter("first", _trace) { Then = _ => closed.Dispose() });
        closed.ArmReader(new RecordingWaiter("second", _trace));
        first.Send();
        second.Send();
        Assert.Equal(2, _reactor.Poll(0));
        Assert.Equal(["first ready", "second closed second"], _trace);
    }

    [Fact]
    public void A_stale_event_is_not_delivered_to_the_successor_that_got_number_and_slot()
    {
        using TestPair first = TestPair.Pipe();
        using TestPair second = TestPair.Pipe();
        using TestPair successor = TestPair.Pipe();
        FdWatcher old = Watch(second.Near, "second");
        FdWatcher? reborn = null;
        RecordingWaiter closer = new("first", _trace)
        {
            Then = _ =>
            {
                old.Dispose();
                // Closes the old descriptor and gives its number to the successor, in one step.
                NativeCalls.Duplicate(successor.Near, onto: second.Near);
                reborn = Watch(second.Near, "successor");
                reborn.ArmReader(new RecordingWaiter("successor", _trace));
            },
        };
        Watch(first.Near, "first").ArmReader(closer);
        first.Send();
        second.Send();
        // Both events are in one round, and the second's is stale when its turn comes.
        Assert.Equal(2, _reactor.Poll(0));
        Assert.Equal(["first ready"], _trace);
        Assert.Equal(old.Descriptor, reborn!.Descriptor);
        Assert.Equal((uint)old.Cookie, (uint)reborn.Cookie);
        Assert.NotEqual(old.Cookie, reborn.Cookie);
        Assert.False(reborn.MayRead);
        successor.Send();
        _reactor.Poll(0);
        Assert.Equal(["first ready", "successor ready"], _trace);
    }

    [Fact]
    public void A_slot_that_was_used_often_gives_a_new_cookie_each_time()
    {
        using TestPair pipe = TestPair.Pipe();
        HashSet<ulong> cookies = [];
        for (int i = 0; i < 100; i++)
        {
            using FdWatcher watcher = Watch(pipe.Near, "a pipe");
            Assert.True(cookies.Add(watcher.Cookie));
            Assert.Equal(0u, (uint)watcher.Cookie);
        }
    }

    [Fact]
    public void A_closed_watchers_descriptor_may_be_watched_again()
    {
        using TestPair pipe = TestPair.Pipe();
        Watch(pipe.Near, "first time").Dispose();
        Watch(pipe.Near, "second time").ArmReader(new RecordingWaiter("it", _trace));
        pipe.Send();
        Assert.Equal(1, _reactor.Poll(0));
        Assert.Equal(["it ready"], _trace);
    }

    [Fact]
    public void A_descriptor_that_the_kernel_refuses_takes_no_slot()
    {
        using TestPair pipe = TestPair.Pipe();
        using FileDescriptor file = FileDescriptor.FromResult(Syscall.Open(typeof(ReactorTests).Assembly.Location, 0), "open", "the test assembly");
        Assert.Throws<IOException>(() => Watch(file.Number, "a file"));
        FdWatcher watcher = Watch(pipe.Near, "a pipe");
        Assert.Equal(0u, (uint)watcher.Cookie);
        watcher.Dispose();
        // The same with a slot that is free again.
        Assert.Throws<IOException>(() => Watch(file.Number, "a file"));
        Assert.Equal(0u, (uint)Watch(pipe.Near, "a pipe").Cookie);
    }

    [Fact]
    public void Dispose_tells_the_waiters_that_are_left()
    {
        using TestPair first = TestPair.Pipe();
        using TestPair second = TestPair.Pipe();
        FdWatcher one = Watch(first.Near, "first");
        FdWatcher other = Watch(second.Near, "second");
        // One that closes another on its way out: that one is told once.
        one.ArmReader(new RecordingWaiter("first", _trace) { Then = _ => other.Dispose() });
        other.ArmReader(new RecordingWaiter("second", _trace));
        _reactor.Dispose();
        Assert.Equal(["first closed first", "second closed second"], _trace);
        Assert.Equal(0, _reactor.Armed);
        Assert.True(other.IsClosed);
    }

    private FdWatcher Watch(int fd, string device) => _reactor.Watch(fd, read: true, write: false, device);
}
