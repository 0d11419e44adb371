using System.Runtime.InteropServices;
using Sprig.Linux;
using Sprig.Tests.Support;
using Xunit;

namespace Sprig.Tests.Linux;

/// <summary>EINTR never shows: real signals come to a thread that sleeps in the call.</summary>
public class SyscallInterruptionTests
{
    private const int Signals = 20;

    [Fact]
    public void The_signals_of_these_tests_do_interrupt_a_call()
    {
        // Without this the others would pass on a kernel, or by a handler, that repeats the call by itself.
        using TestPair pipe = TestPair.BlockingPipe();
        int end = pipe.Near;
        SignalledThread<(nint Result, int Error)> thread = new(() => (NativeCalls.ReadOnce(end, new byte[8], 8), Marshal.GetLastPInvokeError()));
        Assert.Equal((-1, Errno.EINTR), thread.InterruptUntilReturned());
    }

    [Fact]
    public void A_read_goes_on_after_signals()
    {
        using TestPair pipe = TestPair.BlockingPipe();
        int end = pipe.Near;
        AssertOutlivesSignals(new SignalledThread<int>(() => Syscall.Read(end, new byte[8])), () => pipe.Send(3), expected: 3);
    }

    [Fact]
    public void A_write_goes_on_after_signals()
    {
        using TestPair pipe = TestPair.BlockingPipe();
        int end = pipe.Far;
        // Full to the last byte, so that the write sleeps before it has moved anything.
        NativeCalls.Require(Syscall.SetNonBlocking(end), "fcntl");
        TestPair.Fill(end);
        NativeCalls.SetBlocking(end);
        AssertOutlivesSignals(new SignalledThread<int>(() => Syscall.Write(end, [1, 2, 3])), () => pipe.ReceiveAtNear(4096), expected: 3);
    }

    [Fact]
    public void WaitReady_goes_on_after_signals()
    {
        using TestPair pipe = TestPair.Pipe();
        int end = pipe.Near;
        AssertOutlivesSignals(new SignalledThread<int>(() => Syscall.WaitReady(end, Syscall.PollIn)), () => pipe.Send(), expected: 1);
    }

    private static void AssertOutlivesSignals(SignalledThread<int> thread, Action release, int expected)
    {
        for (int i = 0; i < Signals; i++)
            thread.Interrupt();
        Assert.False(thread.HasReturned);
        release();
        Assert.Equal(expected, thread.Join());
    }
}
