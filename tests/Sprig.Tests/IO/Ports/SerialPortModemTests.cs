using Sprig.IO;
using Sprig.IO.Ports;
using Sprig.Linux;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO.Ports;

public class SerialPortModemTests
{
    private const ModemLines Both = ModemLines.Cts | ModemLines.Dsr;

    [Fact]
    public void The_lines_are_as_the_driver_says_and_ours_are_left_alone_unless_set()
    {
        using TtyDouble tty = new();
        tty.Change(ModemLines.Dtr | ModemLines.Cts | ModemLines.Ring, up: true);
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = tty.Port(terminal.DevicePath);
        port.Open();
        Assert.Equal((true, false), (port.DtrEnable, port.RtsEnable));
        Assert.Equal((true, false, false, true), (port.CtsHolding, port.DsrHolding, port.CDHolding, port.RingHolding));
        Assert.Equal(ModemLines.Dtr | ModemLines.Cts | ModemLines.Ring, port.Lines);
        port.RtsEnable = true;
        port.DtrEnable = false;
        Assert.Equal(ModemLines.Rts | ModemLines.Cts | ModemLines.Ring, tty.Lines);
        port.Close();
        port.DtrEnable = true;
        port.Open();
        Assert.True((tty.Lines & ModemLines.Dtr) != 0);
    }

    [Fact]
    public void RTS_belongs_to_the_handshake_that_uses_it() => SerialLoop.RunPlain((terminal, port) =>
    {
        port.Handshake = Handshake.RequestToSend;
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => port.RtsEnable = true);
        Assert.Contains("handshake", error.Message, StringComparison.Ordinal);
        port.Handshake = Handshake.XOnXOff;
        port.RtsEnable = true;
    });

    [Fact]
    public void A_pty_has_no_lines_and_takes_what_is_set() => SerialLoop.Run(async (terminal, port) =>
    {
        port.DtrEnable = port.RtsEnable = port.BreakState = true;
        Assert.True(port.DtrEnable && port.RtsEnable && port.BreakState);
        Assert.False(port.CtsHolding || port.DsrHolding || port.CDHolding || port.RingHolding);
        Assert.Null(port.Lines);
        Assert.Null(port.ErrorCounts);
        IOException error = await IoLoop.Throws<IOException>(async () => await port.WaitForModemChangeAsync());
        Assert.Contains("has no modem lines", error.Message, StringComparison.Ordinal);
        await IoLoop.Throws<ArgumentOutOfRangeException>(async () => await port.WaitForModemChangeAsync(ModemLines.Dtr));
        // Never raised, and no error.
        port.PinChanged += (sender, e) => { };
        await SerialLoop.Until(() => CoroutineScheduler.Current.Coroutines.All(one => !one.Name.StartsWith("modem lines", StringComparison.Ordinal)));
    });

    [Fact]
    public void A_change_ends_the_wait() => Test(async (tty, port) =>
    {
        Coroutine<ModemChange> waiter = Coroutine.Spawn(() => port.WaitForModemChangeAsync());
        await SerialLoop.Until(() => tty.Sleeps == 1);
        Assert.Equal($"a change of the modem lines of {port.PortName}", waiter.BlockedOn);
        tty.Set(ModemLines.Cts, up: true);
        Assert.Equal(new ModemChange(ModemLines.Cts, ModemLines.Cts), await waiter);
        await NoLane();
    });

    [Fact]
    public void A_signal_that_interrupts_the_thread_ends_no_wait() => Test(async (tty, port) =>
    {
        Coroutine<ModemChange> waiter = Coroutine.Spawn(() => port.WaitForModemChangeAsync());
        for (int i = 1; i <= 3; i++)
        {
            await SerialLoop.Until(() => tty.Sleeps == i);
            tty.Wake(Errno.EINTR);
        }

        await SerialLoop.Until(() => tty.Sleeps == 4);
        Assert.True(waiter.IsAlive);
        tty.Set(ModemLines.Dsr, up: true);
        Assert.Equal(ModemLines.Dsr, (await waiter).Changed);
    });

    [Fact]
    public void What_changes_between_two_waits_is_told_by_the_second_at_once() => Test(async (tty, port) =>
    {
        Coroutine<ModemChange> waiter = Coroutine.Spawn(() => port.WaitForModemChangeAsync());
        await SerialLoop.Until(() => tty.Sleeps == 1);
        tty.Set(ModemLines.Cts, up: true);
        await waiter;
        int sleeps = tty.Sleeps;
        tty.Change(ModemLines.Dsr, up: true);
        // There and back: only the counters tell.
        tty.Change(ModemLines.Cts, up: false);
        tty.Change(ModemLines.Cts, up: true);
        Assert.Equal(new ModemChange(Both, Both), await port.WaitForModemChangeAsync());
        Assert.Equal(sleeps, tty.Sleeps);
    });

    [Fact]
    public void A_change_before_the_thread_sleeps_rings_no_bell_and_is_found_all_the_same() => Test(async (tty, port) =>
    {
        Coroutine<ModemChange> waiter = Coroutine.Spawn(() => port.WaitForModemChangeAsync());
        await IoLoop.UntilBlocked(waiter);
        tty.Change(ModemLines.CarrierDetect, up: true);
        Assert.Equal(ModemLines.CarrierDetect, (await waiter).Changed);
    });

    [Fact]
    public void A_line_that_was_not_asked_for_is_kept_for_who_asks() => Test(async (tty, port) =>
    {
        Coroutine<ModemChange> waiter = Coroutine.Spawn(() => port.WaitForModemChangeAsync(ModemLines.Cts));
        await SerialLoop.Until(() => tty.Sleeps == 1);
        tty.Set(ModemLines.Ring, up: true);
        tty.Set(ModemLines.Cts, up: true);
        Assert.Equal(ModemLines.Cts, (await waiter).Changed);
        Assert.Equal(ModemLines.Ring, (await port.WaitForModemChangeAsync(ModemLines.Ring | ModemLines.Dsr)).Changed);
    });

    [Fact]
    public void Unplugged_while_waiting_is_an_error_in_every_waiter() => Test(async (tty, port) =>
    {
        Coroutine<ModemChange> one = Coroutine.Spawn(() => port.WaitForModemChangeAsync());
        await SerialLoop.Until(() => tty.Sleeps == 1);
        Coroutine<ModemChange> other = Coroutine.Spawn(() => port.WaitForModemChangeAsync(ModemLines.Dsr));
        await IoLoop.UntilBlocked(other);
        tty.Wake(Errno.EIO);
        Assert.Contains("unplugged", (await IoLoop.Throws<IOException>(async () => await one)).Message, StringComparison.Ordinal);
        await IoLoop.Throws<IOException>(async () => await other);
        await NoLane();
    });

    [Fact]
    public void A_driver_that_cannot_wait_says_so() => Test(async (tty, port) =>
    {
        tty.Wake(Errno.ENOTTY);
        IOException error = await IoLoop.Throws<IOException>(async () => await port.WaitForModemChangeAsync());
        Assert.Contains("has no modem lines that can be waited for", error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_kill_a_deadline_and_the_closing_of_the_port_end_the_wait_and_its_thread() => Test(async (tty, port) =>
    {
        Coroutine<ModemChange> killed = Coroutine.Spawn(() => port.WaitForModemChangeAsync());
        await SerialLoop.Until(() => tty.Sleeps == 1);
        await killed.KillAsync();
        await NoLane();
        await IoLoop.Throws<DeadlineExceededException>(
            () => Deadline.RunAsync(TimeSpan.FromMilliseconds(1), async () => await port.WaitForModemChangeAsync()));
        await NoLane();
        Coroutine<ModemChange> closed = Coroutine.Spawn(() => port.WaitForModemChangeAsync());
        await IoLoop.UntilBlocked(closed);
        port.Close();
        await IoLoop.Throws<ObjectDisposedException>(async () => await closed);
        await NoLane();
    });

    [Fact]
    public void The_stream_of_changes_tells_all() => Test(async (tty, port) =>
    {
        List<ModemChange> told = [];
        Coroutine reader = Coroutine.Spawn(async () =>
        {
            await foreach (ModemChange change in port.ModemChangesAsync(ModemLines.Cts))
                told.Add(change);
        });
        await SerialLoop.Until(() => tty.Sleeps == 1);
        for (int i = 1; i <= 5; i++)
        {
            tty.Set(ModemLines.Cts, up: i % 2 == 1);
            await SerialLoop.Until(() => told.Count == i);
            Assert.Equal(new ModemChange(ModemLines.Cts, i % 2 == 1 ? ModemLines.Cts : ModemLines.None), told[^1]);
        }

        await reader.KillAsync();
        await NoLane();
    });

    [Fact]
    public void PinChanged_is_raised_for_each_line() => Test(async (tty, port) =>
    {
        List<SerialPinChange> told = [];
        void Handle(object sender, SerialPinChangedEventArgs e) => told.Add(e.EventType);
        port.PinChanged += Handle;
        await SerialLoop.Until(() => tty.Sleeps == 1);
        tty.Set(Both | ModemLines.CarrierDetect | ModemLines.Ring, up: true);
        await SerialLoop.Until(() => told.Count == 4);
        Assert.Equal([SerialPinChange.CtsChanged, SerialPinChange.DsrChanged, SerialPinChange.CDChanged, SerialPinChange.Ring], told);
        port.PinChanged -= Handle;
        await SerialLoop.Until(() => CoroutineScheduler.Current.ActiveCount == 1);
        await NoLane();
    });

    private static void Test(Func<TtyDouble, SerialPort, Task> body)
    {
        TtyDouble tty = new();
        SerialLoop.Run(tty, (terminal, port) => body(tty, port));
    }

    // Other tests have threads of that name too: those that stay are this test's.
    private static async Task NoLane()
    {
        HashSet<string> there = [.. Lanes()];
        await SerialLoop.Until(() =>
        {
            there.IntersectWith(Lanes());
            return there.Count == 0;
        });
    }

    private static IEnumerable<string> Lanes() => Directory.EnumerateDirectories("/proc/self/task").Where(IsLane);

    private static bool IsLane(string task)
    {
        try
        {
            return File.ReadAllText($"{task}/comm").Trim() == "sprig-modem";
        }
        catch (IOException)
        {
            return false;
        }
    }
}
