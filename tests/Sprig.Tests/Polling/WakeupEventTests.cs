using Sprig.Linux;
using Sprig.Polling;
using Sprig.Tests.Support;
using Xunit;

namespace Sprig.Tests.Polling;

[Collection(DescriptorTable.Name)]
public class WakeupEventTests
{
    [Fact]
    public void A_signal_from_another_thread_ends_the_sleep()
    {
        using WakeupEvent wakeup = new();
        using Epoll epoll = new();
        epoll.Add(wakeup.Number, EpollCalls.In, 7, "an eventfd");
        SignalledThread<(int Count, ulong Cookie)> sleeper = new(() => (epoll.Wait(long.MaxValue), epoll.CookieAt(0)));
        sleeper.WaitUntilAsleep();
        wakeup.Signal();
        Assert.Equal((1, 7ul), sleeper.Join());
    }

    [Fact]
    public void A_signal_that_came_first_ends_the_next_sleep()
    {
        using WakeupEvent wakeup = new();
        using Epoll epoll = new();
        epoll.Add(wakeup.Number, EpollCalls.In, 7, "an eventfd");
        wakeup.Signal();
        Assert.Equal(1, epoll.Wait(long.MaxValue));
    }

    [Fact]
    public void Many_signals_are_one_event_and_Reset_takes_them_all_back()
    {
        using WakeupEvent wakeup = new();
        for (int i = 0; i < 1000; i++)
            wakeup.Signal();
        byte[] count = new byte[8];
        wakeup.Reset();
        Assert.Equal(-Errno.EAGAIN, Syscall.Read(wakeup.Number, count));
        wakeup.Signal();
        Assert.Equal(8, Syscall.Read(wakeup.Number, count));
        Assert.Equal(1ul, BitConverter.ToUInt64(count));
    }

    [Fact]
    public void Reset_without_a_signal_does_not_block()
    {
        using WakeupEvent wakeup = new();
        wakeup.Reset();
    }

    [Fact]
    public void A_full_counter_blocks_nobody_and_still_wakes()
    {
        using WakeupEvent wakeup = new();
        using Epoll epoll = new();
        Assert.Equal(8, Syscall.Write(wakeup.Number, BitConverter.GetBytes(ulong.MaxValue - 1)));
        wakeup.Signal();
        epoll.Add(wakeup.Number, EpollCalls.In, 7, "an eventfd");
        Assert.Equal(1, epoll.Wait(0));
    }

    [Fact]
    public void After_Dispose_a_signal_does_nothing()
    {
        WakeupEvent wakeup = new();
        wakeup.Dispose();
        wakeup.Signal();
        wakeup.Dispose();
    }

    [Fact]
    public void After_Dispose_a_signal_does_not_reach_the_stranger_that_got_the_number()
    {
        using TestPair pipe = TestPair.Pipe();
        WakeupEvent wakeup = new();
        int number = wakeup.Number;
        wakeup.Dispose();
        NativeCalls.Duplicate(pipe.Far, onto: number);
        using FileDescriptor stranger = new(number);
        wakeup.Signal();
        Assert.Equal(-Errno.EAGAIN, pipe.ReceiveAtNear());
    }

    [Fact]
    public void Signals_that_race_with_Dispose_throw_nothing()
    {
        for (int round = 0; round < 40; round++)
        {
            WakeupEvent wakeup = new();
            using Barrier start = new(2);
            SignalledThread<int> signaller = new(() =>
            {
                start.SignalAndWait();
                for (int i = 0; i < 20; i++)
                    wakeup.Signal();
                return 0;
            });
            start.SignalAndWait();
            wakeup.Dispose();
            signaller.Join();
        }
    }

    [Fact]
    public void A_constructor_that_throws_for_want_of_descriptors_leaks_none()
        => Assert.Equal(1, DescriptorTable.AssertLeaksNothingWhenDescriptorsRunOut(() => new WakeupEvent()));
}
