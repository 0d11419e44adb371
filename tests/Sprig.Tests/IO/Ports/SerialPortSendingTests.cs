using Sprig.IO;
using Sprig.IO.Ports;
using Sprig.Linux;
using Sprig.Scheduling;
using Sprig.Tests.Support;
using Xunit;

namespace Sprig.Tests.IO.Ports;

public class SerialPortSendingTests
{
    private const int Large = 1 << 20;

    [Fact]
    public void A_write_that_a_deadline_ends_says_how_much_was_written_and_the_rest_never_is() => IoLoop.RunVirtually(async () =>
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        byte[] bytes = new byte[Large];
        await IoLoop.Throws<DeadlineExceededException>(() => Deadline.RunAsync(TimeSpan.FromSeconds(1), async () => await port.WriteAsync(bytes)));
        long written = port.LastWriteCount;
        Assert.InRange(written, 1, Large - 1);
        Coroutine<byte[]> other = Coroutine.Spawn(() => IoLoop.ReadExactly(terminal, (int)written + 1));
        await port.WriteAsync(new byte[] { 7 });
        Assert.Equal(1, port.LastWriteCount);
        byte[] received = await other;
        Assert.Equal(written + 1, received.Length);
        Assert.Equal(7, received[^1]);
        Assert.False(received.AsSpan(0, (int)written).ContainsAnyExcept((byte)0));
    });

    [Fact]
    public void A_second_writer_does_not_touch_the_count_of_the_first() => SerialLoop.Run(async (terminal, port) =>
    {
        Coroutine first = Coroutine.Spawn(() => port.WriteAsync(new byte[Large]));
        await IoLoop.UntilBlocked(first);
        long before = port.LastWriteCount;
        await IoLoop.Throws<InvalidOperationException>(async () => await port.WriteAsync(new byte[1]));
        Assert.Equal(before, port.LastWriteCount);
        await first.KillAsync();
    });

    [Fact]
    public void A_synchronous_write_without_room_ends_at_its_time_and_says_how_much_was_written() => SerialLoop.RunPlain((terminal, port) =>
    {
        port.WriteTimeout = 10;
        TimeoutException error = Assert.Throws<TimeoutException>(() => port.Write(new byte[Large], 0, Large));
        Assert.Equal($"There was no room to write to {port.PortName} within 10 ms; {port.LastWriteCount} of {Large} bytes were written.", error.Message);
        Assert.InRange(port.LastWriteCount, 1, Large - 1);
    });

    [Fact]
    public void A_synchronous_write_goes_on_when_there_is_room() => SerialLoop.RunPlain((terminal, port) =>
    {
        SignalledThread<bool> writer = new(() =>
        {
            port.Write(new byte[Large]);
            return true;
        });
        byte[] buffer = new byte[1 << 16];
        for (int have = 0; have < Large;)
            have += terminal.Read(buffer);
        Assert.True(writer.Join());
        Assert.Equal(Large, port.LastWriteCount);
    });

    [Fact]
    public void What_was_not_sent_is_thrown_away() => SerialLoop.RunPlain((terminal, port) =>
    {
        port.DiscardOutBuffer();
        Assert.Equal(0, port.BytesToWrite);
    });

    [Fact]
    public void A_pty_is_drained_at_once() => SerialLoop.Run(async (terminal, port) =>
    {
        await port.WriteAsync("x");
        await port.DrainAsync();
    });

    [Fact]
    public void Draining_waits_for_the_driver_and_nobody_else_does()
    {
        TtyDouble tty = new();
        SerialLoop.Run(tty, async (terminal, port) =>
        {
            Coroutine drain = Coroutine.Spawn(() => port.DrainAsync());
            await SerialLoop.Until(() => tty.Sleeps == 1);
            Assert.Equal($"the end of what {port.PortName} sends", drain.BlockedOn);
            await SerialLoop.Send(terminal, "meanwhile\n");
            Assert.Equal("meanwhile", await port.ReadLineAsync());
            tty.Wake(Errno.EINTR);
            await SerialLoop.Until(() => tty.Sleeps == 2);
            Assert.True(drain.IsAlive);
            tty.Wake(0);
            await drain;
        });
    }

    [Fact]
    public void Draining_ends_by_a_deadline_a_kill_a_token_and_the_closing_of_the_port()
    {
        TtyDouble tty = new();
        SerialLoop.Run(tty, async (terminal, port) =>
        {
            await IoLoop.Throws<DeadlineExceededException>(() => Deadline.RunAsync(TimeSpan.FromMilliseconds(1), async () => await port.DrainAsync()));
            Coroutine killed = Coroutine.Spawn(() => port.DrainAsync());
            await IoLoop.UntilBlocked(killed);
            await killed.KillAsync();
            using CancellationTokenSource source = new();
            Coroutine cancelled = Coroutine.Spawn(() => port.DrainAsync(source.Token));
            await IoLoop.UntilBlocked(cancelled);
            await source.CancelAsync();
            await IoLoop.Throws<OperationCanceledException>(async () => await cancelled);
            Coroutine closed = Coroutine.Spawn(() => port.DrainAsync());
            await IoLoop.UntilBlocked(closed);
            port.Close();
            await IoLoop.Throws<ObjectDisposedException>(async () => await closed);
        });
    }

    [Fact]
    public void Draining_a_device_that_is_gone_is_an_error()
    {
        TtyDouble tty = new();
        SerialLoop.Run(tty, async (terminal, port) =>
        {
            tty.Wake(Errno.EIO);
            IOException error = await IoLoop.Throws<IOException>(async () => await port.DrainAsync());
            Assert.Contains($"drain {port.PortName}: ", error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_break_lasts_as_long_as_it_is_to_and_ends_when_the_wait_is_ended()
    {
        TtyDouble tty = new();
        SerialLoop.Run(tty, async (terminal, port) =>
        {
            await port.SendBreakAsync(TimeSpan.FromMicroseconds(100));
            Assert.Equal((1, false, false), (tty.BreaksBegun, tty.IsBreaking, port.BreakState));
            Coroutine killed = Coroutine.Spawn(() => port.SendBreakAsync(TimeSpan.FromHours(1)));
            await IoLoop.UntilBlocked(killed);
            Assert.True(tty.IsBreaking && port.BreakState);
            await killed.KillAsync();
            Assert.False(tty.IsBreaking || port.BreakState);
            port.BreakState = true;
            Assert.True(tty.IsBreaking);
        });
    }
}
