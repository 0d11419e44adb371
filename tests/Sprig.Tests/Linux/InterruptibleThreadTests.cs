using System.Runtime.InteropServices;
using Sprig.Linux;
using Sprig.Tests.Support;
using Xunit;

namespace Sprig.Tests.Linux;

public class InterruptibleThreadTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_thread_that_sleeps_in_the_kernel_is_called_back()
    {
        using TestPair pipe = TestPair.BlockingPipe();
        int end = pipe.Near;
        int calls = 0, error = 0;
        InterruptibleThread thread = new("test-sleeper", self =>
        {
            while (!self.IsStopping)
            {
                Interlocked.Increment(ref calls);
                error = NativeCalls.ReadOnce(end, new byte[1], 1) < 0 ? Marshal.GetLastPInvokeError() : 0;
            }
        });
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref calls) == 1, s_patience));
        // Signals of others wake it too, and it goes to sleep again.
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                thread.Interrupt();
                return Volatile.Read(ref calls) >= 3;
            },
            s_patience));
        Assert.False(thread.HasEnded);
        Assert.True(thread.Stop());
        Assert.Equal(Errno.EINTR, error);
        Assert.True(thread.HasEnded);
        thread.Interrupt();
        Assert.True(thread.Stop());
    }

    [Fact]
    public void One_that_is_stopped_before_it_sleeps_does_not_sleep_for_ever()
    {
        using TestPair pipe = TestPair.BlockingPipe();
        int end = pipe.Near;
        for (int i = 0; i < 50; i++)
        {
            InterruptibleThread thread = new("test-sleeper", self =>
            {
                while (!self.IsStopping)
                    _ = NativeCalls.ReadOnce(end, new byte[1], 1);
            });
            Assert.True(thread.Stop());
        }
    }

    [Fact]
    public void One_that_does_not_come_back_is_given_up()
    {
        using ManualResetEventSlim end = new();
        InterruptibleThread thread = new("test-hanging", _ => end.Wait());
        Assert.False(thread.Stop());
        end.Set();
        Assert.True(SpinWait.SpinUntil(() => thread.HasEnded, s_patience));
    }
}
