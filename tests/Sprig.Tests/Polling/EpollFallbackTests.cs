using System.Diagnostics;
using Sprig.Linux;
using Sprig.Polling;
using Sprig.Tests.Support;
using Xunit;

namespace Sprig.Tests.Polling;

/// <summary>What Epoll does on kernels that refuse: no epoll_pwait2, no room in the table, no watches left.</summary>
[Collection(DescriptorTable.Name)]
public class EpollFallbackTests
{
    private const long Millisecond = 1_000_000;
    private const int ENOSPC = 28;

    [Theory]
    [InlineData(Errno.ENOSYS)]
    [InlineData(Errno.EPERM)]
    public void A_kernel_or_a_sandbox_without_epoll_pwait2_turns_the_sleep_over_to_a_timerfd(int errno)
    {
        (bool before, bool after, long elapsed) = KernelWithout.Run(
            () =>
            {
                using Epoll epoll = new();
                bool usedIt = epoll.UsesTimerFd;
                long start = Stopwatch.GetTimestamp();
                epoll.Wait(Millisecond);
                return (usedIt, epoll.UsesTimerFd, Stopwatch.GetTimestamp() - start);
            },
            (KernelWithout.EpollPwait2, errno));
        Assert.False(before);
        Assert.True(after);
        Assert.True(elapsed >= Millisecond, $"Ended after {elapsed} ns.");
    }

    [Fact]
    public void Waits_without_a_timeout_need_no_epoll_pwait2()
        => Assert.False(KernelWithout.Run(
            () =>
            {
                using TestPair pipe = TestPair.Pipe();
                using Epoll epoll = new();
                epoll.Add(pipe.Near, EpollCalls.In, 1, "a pipe");
                pipe.Send();
                Assert.Equal(1, epoll.Wait(long.MaxValue));
                Assert.Equal(0, epoll.Wait(0));
                return epoll.UsesTimerFd;
            },
            (KernelWithout.EpollPwait2, Errno.ENOSYS)));

    [Fact]
    public void A_timerfd_that_the_set_refuses_is_an_error_each_time_and_never_a_sleep_without_end()
    {
        int before = DescriptorTable.CountGroundDescriptors();
        (int[] errors, bool usesTimer, int open) = KernelWithout.Run(
            () =>
            {
                using Epoll epoll = new();
                int[] results = [Error(epoll), Error(epoll)];
                return (results, epoll.UsesTimerFd, DescriptorTable.CountGroundDescriptors());
            },
            (KernelWithout.EpollPwait2, Errno.ENOSYS),
            (KernelWithout.EpollControl, ENOSPC));
        Assert.Equal([ENOSPC, ENOSPC], errors);
        Assert.False(usesTimer);
        Assert.Equal(before + 1, open);
    }

    [Fact]
    public void A_constructor_whose_timerfd_the_set_refuses_leaks_nothing()
    {
        int before = DescriptorTable.CountGroundDescriptors();
        int error = KernelWithout.Run(() => Assert.Throws<IOException>(() => new Epoll(forceTimerFd: true)).HResult, (KernelWithout.EpollControl, ENOSPC));
        Assert.Equal(ENOSPC, error);
        Assert.Equal(before, DescriptorTable.CountGroundDescriptors());
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void A_constructor_that_throws_for_want_of_descriptors_leaks_none(bool timerFd, int descriptors)
        => Assert.Equal(descriptors, DescriptorTable.AssertLeaksNothingWhenDescriptorsRunOut(() => new Epoll(forceTimerFd: timerFd)));

    private static int Error(Epoll epoll) => Assert.Throws<IOException>(() => epoll.Wait(Millisecond)).HResult;
}
