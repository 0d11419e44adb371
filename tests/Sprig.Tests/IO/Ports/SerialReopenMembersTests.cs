using System.Text;
using Sprig.IO;
using Sprig.IO.Ports;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO.Ports;

/// <summary>The other members of a port whose device goes and comes back.</summary>
public class SerialReopenMembersTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void Modem_lines_are_set_again_as_they_were() => IoLoop.Run(async () =>
    {
        using TtyDouble tty = new();
        using UnpluggableDevice device = UnpluggableDevice.PluggedIn();
        using SerialPort port = tty.Port(device.Name);
        port.Settings = new SerialSettings { DtrEnable = true, Reopen = ReopenPolicy.Default };
        port.Open();
        await device.UnplugAndWaitAsync(port);
        tty.Change(ModemLines.Dtr, up: false);
        // What is set while it is away is set when it is back.
        port.RtsEnable = true;
        Assert.Equal((true, true), (port.DtrEnable, port.RtsEnable));
        Assert.Equal(ModemLines.None, tty.Lines);
        device.Plug();
        await port.WriteAsync(new byte[1]);
        Assert.Equal(ModemLines.Dtr | ModemLines.Rts, tty.Lines);
    });

    [Fact]
    public void Settings_that_are_changed_while_it_is_away_hold_when_it_is_back() => Test(async (device, port) =>
    {
        await device.UnplugAndWaitAsync(port);
        port.BaudRate = 1200;
        device.Plug();
        await port.WriteAsync(new byte[1]);
        Assert.Equal(1200u, SerialPortTests.ReadBack(device.Terminal.DevicePath).Speed);
    });

    [Fact]
    public void Events_go_on_with_the_device_that_came_back_though_nobody_waits() => Test(async (device, port) =>
    {
        StringBuilder text = new();
        int ends = 0;
        port.DataReceived += (_, e) =>
        {
            ends += e.EventType == SerialData.Eof ? 1 : 0;
            if (e.EventType == SerialData.Chars)
                text.Append(port.ReadExisting());
        };
        for (int i = 1; i <= 3; i++)
        {
            await device.SendAsync("x");
            await SerialLoop.Until(() => text.Length == i);
            device.Unplug();
            await SerialLoop.Until(() => !port.IsConnected);
            await device.PlugAndWaitAsync(port);
        }

        Assert.Equal("xxx", text.ToString());
        Assert.InRange(ends, 0, 3);
    });

    [Fact]
    public void A_handler_that_is_added_while_it_is_away_brings_it_back() => Test(async (device, port) =>
    {
        await device.UnplugAndWaitAsync(port);
        string text = "";
        port.DataReceived += (_, _) => text += port.ReadExisting();
        await device.PlugAndWaitAsync(port);
        await device.SendAsync("new");
        await SerialLoop.Until(() => text == "new");
    });

    [Fact]
    public void Without_a_run_events_go_on_too()
    {
        using UnpluggableDevice device = UnpluggableDevice.PluggedIn();
        using SerialPort port = device.Open();
        using SemaphoreSlim told = new(0);
        using ManualResetEventSlim back = new();
        port.ConnectionChanged += (_, _) =>
        {
            if (port.IsConnected)
                back.Set();
        };
        port.DataReceived += (_, e) =>
        {
            if (e.EventType == SerialData.Chars && port.ReadExisting().Length > 0)
                told.Release();
        };
        device.Terminal.Write("x"u8);
        Assert.True(told.Wait(s_patience));
        device.Unplug();
        device.Plug();
        Assert.True(back.Wait(s_patience));
        device.Terminal.Write("y"u8);
        Assert.True(told.Wait(s_patience));
    }

    [Fact]
    public void What_blocks_is_an_error_while_it_is_away_and_works_when_it_is_back() => Test(async (device, port) =>
    {
        await device.UnplugAndWaitAsync(port);
        foreach (Action use in new Action[] { () => port.Write("x"), () => port.ReadByte(), () => port.ReadLine(), () => _ = port.CtsHolding, port.DiscardInBuffer, () => port.BreakState = true })
            Assert.Contains("waits for it to come back", Assert.Throws<IOException>(use).Message, StringComparison.Ordinal);
        Assert.Equal(0, port.BytesToRead);
        Assert.Null(port.ErrorCounts);
        await IoLoop.Throws<IOException>(async () => await port.DrainAsync());
        await IoLoop.Throws<IOException>(async () => await port.WaitForModemChangeAsync());
        device.Plug();
        await port.WaitForReopenAsync(0);
        port.Write("x");
        Assert.Equal("x", await device.ReceiveAsync(1));
        SerialLoop.SendNow(device.Terminal, port, "line\n"u8);
        Assert.Equal("line", port.ReadLine());
    });

    [Fact]
    public void A_thread_that_reads_it_is_told_that_the_device_has_gone() => Test(async (device, port) =>
    {
        Task<IOException> blocked = Task.Run(() => Assert.Throws<IOException>(() => port.ReadByte()));
        await device.UnplugAndWaitAsync(port);
        // Whether it blocks already, or comes when the device has gone.
        Assert.Contains("unplugged", (await blocked).Message, StringComparison.Ordinal);
    });

    [Fact]
    public void What_was_read_ahead_is_there_while_the_device_is_away_and_bytes_of_two_conversations_are_not_mixed() => Test(async (device, port) =>
    {
        await device.SendAsync("one\ntwo\nthr");
        Assert.Equal("one", await port.ReadLineAsync());
        await device.UnplugAndWaitAsync(port);
        Assert.Equal(7, port.BytesToRead);
        byte[] some = new byte[4];
        Assert.Equal(4, await port.ReadAsync(some));
        Assert.Equal("two\n"u8.ToArray(), some);
        device.Plug();
        await port.WaitForReopenAsync(0);
        SerialLoop.SendNow(device.Terminal, port, "new"u8);
        Assert.Equal("thr"u8.ToArray(), await IoLoop.ReadExactly(port, 3));
        Assert.Equal("new"u8.ToArray(), await IoLoop.ReadExactly(port, 3));
    });

    [Fact]
    public void The_rest_of_a_line_that_was_too_long_is_not_waited_for() => Test(async (device, port) =>
    {
        Coroutine sender = Coroutine.Spawn(() => device.SendAsync(new string('x', 5000)));
        await IoLoop.Throws<InvalidDataException>(async () => await port.ReadLineAsync());
        await sender;
        await device.UnplugAndWaitAsync(port);
        Coroutine<string?> next = Coroutine.Spawn(() => port.ReadLineAsync());
        await device.PlugAndWaitAsync(port);
        await device.SendAsync("whole\n");
        Assert.Equal("whole", await next);
        Assert.Equal((1, 0), (port.LinesTooLong, port.LinesTorn));
    });

    [Fact]
    public void A_reader_of_lines_of_the_users_own_drops_the_torn_one_too() => Test(async (device, port) =>
    {
        LineReader lines = new(port);
        await device.SendAsync("one\ntor");
        Assert.Equal("one", await lines.ReadLineAsync());
        await SerialLoop.Until(() => port.BytesToRead == 0);
        Coroutine<string?> next = Coroutine.Spawn(() => lines.ReadLineAsync());
        await IoLoop.UntilBlocked(next);
        await device.UnplugAndWaitAsync(port);
        await device.PlugAndWaitAsync(port);
        await device.SendAsync("new\n");
        Assert.Equal("new", await next);
        Assert.Equal(1, lines.Torn);
    });

    [Fact]
    public void What_the_last_write_has_written_is_known_after_the_reopening_too() => Test(async (device, port) =>
    {
        Coroutine writer = Coroutine.Spawn(async () => await port.WriteAsync(new byte[1 << 20]));
        await IoLoop.UntilBlocked(writer);
        device.Unplug();
        IOException error = await IoLoop.Throws<IOException>(async () => await writer);
        Assert.Contains($" {port.LastWriteCount} of 1048576 ", error.Message, StringComparison.Ordinal);
        long count = port.LastWriteCount;
        device.Plug();
        await port.WaitForReopenAsync(0);
        Assert.Equal(count, port.LastWriteCount);
    });

    [Fact]
    public void A_write_that_was_given_up_while_it_is_away_has_written_nothing() => Test(async (device, port) =>
    {
        await port.WriteAsync("12345"u8.ToArray());
        Assert.Equal(5, port.LastWriteCount);
        await device.UnplugAndWaitAsync(port);
        Coroutine writer = Coroutine.Spawn(async () => await port.WriteAsync("67"u8.ToArray()));
        await IoLoop.UntilBlocked(writer);
        await writer.KillAsync();
        Assert.Equal(0, port.LastWriteCount);
    });

    [Fact]
    public void A_device_that_goes_is_silent_for_who_waits_for_that() => Test(async (device, port) =>
    {
        MonotonicTime never = MonotonicTime.Now + TimeSpan.FromDays(1);
        Coroutine<int> reader = Coroutine.Spawn(async () => await port.ReadUntilAsync(new byte[8], never));
        await IoLoop.UntilBlocked(reader);
        device.Unplug();
        Assert.Equal(-1, await reader);
        Assert.Equal(-1, await port.ReadUntilAsync(new byte[8], never));
        Assert.False(port.IsConnected);
        device.Plug();
        await port.WaitForReopenAsync(0);
        await device.SendAsync("new");
        Assert.Equal(3, (await IoLoop.ReadExactly(port, 3)).Length);
    });

    [Fact]
    public void Closed_while_it_is_away_it_may_be_opened_again_and_counts_on() => Test(async (device, port) =>
    {
        await device.UnplugAndWaitAsync(port);
        device.Plug();
        await port.WaitForReopenAsync(0);
        await device.UnplugAndWaitAsync(port);
        port.Close();
        Assert.Equal((false, false), (port.IsOpen, port.IsConnected));
        Assert.Throws<FileNotFoundException>(port.Open);
        device.Plug();
        port.Open();
        await port.WriteAsync("on"u8.ToArray());
        Assert.Equal("on", await device.ReceiveAsync(2));
        Assert.Equal((true, 1), (port.IsConnected, port.ReopenCount));
    });

    [Fact]
    public void The_policy_is_not_changed_while_it_is_open() => Test((_, port) =>
    {
        Assert.Contains("Reopen", Assert.Throws<InvalidOperationException>(() => port.Settings = port.Settings with { Reopen = null }).Message, StringComparison.Ordinal);
        port.Settings = port.Settings with { BaudRate = 300 };
        return Task.CompletedTask;
    });

    private static void Test(Func<UnpluggableDevice, SerialPort, Task> body) => IoLoop.Run(async () =>
    {
        using UnpluggableDevice device = UnpluggableDevice.PluggedIn();
        using SerialPort port = device.Open();
        await port.WriteAsync(new byte[1]);
        await device.ReceiveAsync(1);
        await body(device, port);
    });
}
