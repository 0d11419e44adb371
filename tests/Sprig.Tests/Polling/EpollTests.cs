using System.Diagnostics;
using Sprig.Linux;
using Sprig.Polling;
using Sprig.Tests.Support;
using Xunit;

namespace Sprig.Tests.Polling;

/// <summary>Everything twice: sleeping by epoll_pwait2, and by a timerfd in the same set.</summary>
public class EpollTests
{
    private const long Millisecond = 1_000_000;
    private const long Hour = 3_600_000 * Millisecond;
    private const ulong Cookie = 42;

    public static TheoryData<bool> BothWays => new(false, true);

    public static TheoryData<bool, long> BothWaysAndTimeouts
    {
        get
        {
            TheoryData<bool, long> all = [];
            foreach (long timeout in new[] { 1, 999, 20_000, Millisecond - 1, Millisecond, 2_300_000 })
            {
                all.Add(false, timeout);
                all.Add(true, timeout);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public void The_way_of_sleeping_is_the_one_asked_for(bool timerFd)
    {
        using Epoll epoll = new(forceTimerFd: timerFd);
        Assert.Equal(timerFd, epoll.UsesTimerFd);
    }

    [Theory]
    [MemberData(nameof(BothWaysAndTimeouts))]
    public void A_timeout_never_ends_early(bool timerFd, long nanoseconds)
    {
        using Epoll epoll = new(forceTimerFd: timerFd);
        // The second and third by the same timer: an expiry of the one before must not end them.
        for (int i = 0; i < 3; i++)
        {
            long start = Stopwatch.GetTimestamp();
            int count = epoll.Wait(nanoseconds);
            long elapsed = Stopwatch.GetTimestamp() - start;
            Assert.True(elapsed >= nanoseconds, $"Asked for {nanoseconds} ns, ended after {elapsed} ns.");
            AssertNothingButTheTimer(epoll, count);
        }
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public void A_timeout_of_zero_or_less_looks_without_sleeping(bool timerFd)
    {
        using Epoll epoll = new(forceTimerFd: timerFd);
        Assert.Equal(0, epoll.Wait(0));
        Assert.Equal(0, epoll.Wait(-1));
        Assert.Equal(0, epoll.Wait(long.MinValue));
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public void A_descriptor_that_is_ready_already_ends_any_wait(bool timerFd)
    {
        foreach (long timeout in new[] { 0, Hour, long.MaxValue / 2, long.MaxValue - 1, long.MaxValue })
        {
            using TestPair pipe = TestPair.Pipe();
            using Epoll epoll = new(forceTimerFd: timerFd);
            epoll.Add(pipe.Near, EpollCalls.In, Cookie, "a pipe");
            pipe.Send();
            Assert.Equal(1, epoll.Wait(timeout));
            Assert.Equal(Cookie, epoll.CookieAt(0));
        }
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public void A_descriptor_that_becomes_ready_ends_the_wait_that_sleeps(bool timerFd)
    {
        using TestPair pipe = TestPair.Pipe();
        using Epoll epoll = new(forceTimerFd: timerFd);
        epoll.Add(pipe.Near, EpollCalls.In, Cookie, "a pipe");
        SignalledThread<(int Count, ulong Cookie)> sleeper = new(() => (epoll.Wait(Hour), epoll.CookieAt(0)));
        sleeper.WaitUntilAsleep();
        pipe.Send();
        Assert.Equal((1, Cookie), sleeper.Join());
    }

    [Theory]
    [InlineData(false, Hour)]
    [InlineData(true, Hour)]
    [InlineData(false, long.MaxValue)]
    public void A_signal_ends_the_wait_with_nothing_ready(bool timerFd, long timeout)
    {
        using Epoll epoll = new(forceTimerFd: timerFd);
        SignalledThread<int> sleeper = new(() => epoll.Wait(timeout));
        Assert.Equal(0, sleeper.InterruptUntilReturned());
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public void A_wait_without_end_is_not_ended_by_the_timeout_of_the_wait_before(bool timerFd)
    {
        using TestPair first = TestPair.Pipe();
        using TestPair second = TestPair.Pipe();
        using Epoll epoll = new(forceTimerFd: timerFd);
        epoll.Add(first.Near, EpollCalls.In, 1, "a pipe");
        epoll.Add(second.Near, EpollCalls.In, 2, "a pipe");
        // Again where this thread was held up so long that the timeout was over all the same.
        do first.Send();
        while (epoll.Wait(Millisecond) != 1 || epoll.CookieAt(0) != 1);
        SignalledThread<ulong> sleeper = new(() =>
        {
            epoll.Wait(long.MaxValue);
            return epoll.CookieAt(0);
        });
        // Past the moment at which the unused timeout would have been over.
        using Epoll clock = new();
        clock.Wait(3 * Millisecond);
        second.Send();
        Assert.Equal(2ul, sleeper.Join());
    }

    [Fact]
    public void An_edge_is_told_once_and_a_new_one_again()
    {
        using TestPair pipe = TestPair.Pipe();
        using Epoll epoll = new();
        epoll.Add(pipe.Near, EpollCalls.In, Cookie, "a pipe");
        pipe.Send();
        Assert.Equal(1, epoll.Wait(0));
        Assert.Equal(0, epoll.Wait(0));
        pipe.Send();
        Assert.Equal(1, epoll.Wait(0));
    }

    [Fact]
    public void More_ready_descriptors_than_the_buffer_holds_come_with_the_next_wait()
    {
        using TestPair first = TestPair.Pipe();
        using TestPair second = TestPair.Pipe();
        using Epoll epoll = new(capacity: 1);
        epoll.Add(first.Near, EpollCalls.In, 1, "a pipe");
        epoll.Add(second.Near, EpollCalls.In, 2, "a pipe");
        first.Send();
        second.Send();
        Assert.Equal(1, epoll.Wait(0));
        ulong cookie = epoll.CookieAt(0);
        Assert.Equal(1, epoll.Wait(0));
        Assert.Equal(3ul, cookie + epoll.CookieAt(0));
        Assert.Equal(0, epoll.Wait(0));
    }

    [Fact]
    public void A_removed_descriptor_is_silent_even_while_a_duplicate_keeps_it_open()
    {
        using TestPair pipe = TestPair.Pipe();
        using FileDescriptor duplicate = new(NativeCalls.Duplicate(pipe.Near));
        using Epoll epoll = new();
        epoll.Add(pipe.Near, EpollCalls.In, Cookie, "a pipe");
        epoll.Remove(pipe.Near);
        pipe.CloseNear();
        pipe.Send();
        Assert.Equal(0, epoll.Wait(0));
    }

    [Fact]
    public void Removing_what_is_not_in_the_set_does_nothing()
    {
        using Epoll epoll = new();
        epoll.Remove(-1);
        Assert.Equal(0, epoll.Wait(0));
    }

    [Fact]
    public void A_regular_file_is_refused_with_what_to_do_instead()
    {
        using Epoll epoll = new();
        int result = Syscall.Open(typeof(EpollTests).Assembly.Location, 0);
        using FileDescriptor file = FileDescriptor.FromResult(result, "open", "the test assembly");
        IOException e = Assert.Throws<IOException>(() => epoll.Add(file.Number, EpollCalls.In, Cookie, "w1_slave"));
        Assert.Contains("w1_slave", e.Message, StringComparison.Ordinal);
        Assert.Contains("regular file", e.Message, StringComparison.Ordinal);
        Assert.Contains("worker thread", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_descriptor_added_twice_and_one_that_is_none_are_errors_that_name_the_device()
    {
        using TestPair pipe = TestPair.Pipe();
        using Epoll epoll = new();
        epoll.Add(pipe.Near, EpollCalls.In, Cookie, "a pipe");
        IOException twice = Assert.Throws<IOException>(() => epoll.Add(pipe.Near, EpollCalls.In, Cookie, "the same pipe"));
        Assert.StartsWith("watch the same pipe: ", twice.Message, StringComparison.Ordinal);
        IOException none = Assert.Throws<IOException>(() => epoll.Add(-1, EpollCalls.In, Cookie, "nothing"));
        Assert.Equal($"watch nothing: {Errno.Describe(9)}", none.Message);
    }

    [Fact]
    public void After_Dispose_waiting_is_an_ObjectDisposedException()
    {
        Epoll epoll = new(forceTimerFd: true);
        epoll.Dispose();
        epoll.Dispose();
        Assert.Throws<ObjectDisposedException>(() => epoll.Wait(0));
        Assert.Throws<ObjectDisposedException>(() => epoll.Add(0, EpollCalls.In, Cookie, "anything"));
    }

    // The timerfd's expiry is an event of its own, which ends the sleep and means nothing.
    private static void AssertNothingButTheTimer(Epoll epoll, int count)
    {
        for (int i = 0; i < count; i++)
            Assert.Equal(Epoll.TimerCookie, epoll.CookieAt(i));
    }
}
