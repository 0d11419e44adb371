using Sprig.IO;
using Sprig.IO.Ports;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO.Ports;

public class SerialLinesTests
{
    [Theory]
    [InlineData("one\r\ntwo\r\n")]
    [InlineData("one\ntwo\n")]
    [InlineData("one\r\ntwo\n")]
    public void Lines_end_with_LF_or_CR_LF(string text) => Test(async (terminal, port) =>
    {
        await Send(terminal, text);
        Assert.Equal("one", await port.ReadLineAsync());
        Assert.Equal("two", await port.ReadLineAsync());
    });

    [Fact]
    public void A_line_may_come_in_many_pieces() => Test(async (terminal, port) =>
    {
        Coroutine<string?> reader = Coroutine.Spawn(() => port.ReadLineAsync());
        foreach (char piece in "split\r\n")
        {
            await IoLoop.UntilBlocked(reader);
            await Send(terminal, $"{piece}");
            // Gives the pty the time to deliver each by itself.
            await Coroutine.Sleep(TimeSpan.FromMicroseconds(100));
        }

        Assert.Equal("split", await reader);
    });

    [Fact]
    public void Empty_lines_are_lines() => Test(async (terminal, port) =>
    {
        await Send(terminal, "\n\r\nend\n");
        Assert.Equal("", await port.ReadLineAsync());
        Assert.Equal("", await port.ReadLineAsync());
        Assert.Equal("end", await port.ReadLineAsync());
    });

    [Fact]
    public void A_deadline_in_the_middle_of_a_line_loses_no_byte() => IoLoop.RunVirtually(async () =>
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        await Send(terminal, "first\nhalf a ");
        Assert.Equal("first", await port.ReadLineAsync());
        string? line = null;
        Assert.False(await Deadline.TryRunAsync(TimeSpan.FromSeconds(1), async () => line = await port.ReadLineAsync()));
        Assert.Null(line);
        await Send(terminal, "line\n");
        Assert.Equal("half a line", await port.ReadLineAsync());
    });

    [Fact]
    public void A_killed_reader_of_lines_loses_no_byte() => Test(async (terminal, port) =>
    {
        Coroutine<string?> killed = Coroutine.Spawn(() => port.ReadLineAsync());
        await IoLoop.UntilBlocked(killed);
        await Send(terminal, "whole ");
        await Coroutine.Sleep(TimeSpan.FromMicroseconds(500));
        await killed.KillAsync();
        await Send(terminal, "line\n");
        Assert.Equal("whole line", await port.ReadLineAsync());
    });

    [Fact]
    public void A_line_that_is_too_long_is_dropped_and_told_and_the_next_is_read() => Test(async (terminal, port) =>
    {
        Coroutine sender = Coroutine.Spawn(() => Send(terminal, $"{new string('x', 5000)}\nnext\n"));
        InvalidDataException error = await IoLoop.Throws<InvalidDataException>(async () => await port.ReadLineAsync());
        Assert.Contains("4096", error.Message, StringComparison.Ordinal);
        Assert.Equal("next", await port.ReadLineAsync());
        await sender;
    });

    [Fact]
    public void Unplugged_in_the_middle_of_a_line_is_an_error() => IoLoop.Run(async () =>
    {
        PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        await Send(terminal, "whole\ncut");
        Assert.Equal("whole", await port.ReadLineAsync());
        Coroutine<string?> reader = Coroutine.Spawn(() => port.ReadLineAsync());
        await IoLoop.UntilBlocked(reader);
        terminal.Dispose();
        IOException error = await IoLoop.Throws<IOException>(async () => await reader);
        Assert.Contains(port.Device, error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_second_reader_of_lines_is_an_error_at_once() => Test(async (terminal, port) =>
    {
        Coroutine<string?> first = Coroutine.Spawn(() => port.ReadLineAsync());
        await IoLoop.UntilBlocked(first);
        await IoLoop.Throws<InvalidOperationException>(async () => await port.ReadLineAsync());
        await Send(terminal, "ok\n");
        Assert.Equal("ok", await first);
    });

    private static void Test(Func<PseudoTerminal, SerialPort, Task> body) => IoLoop.Run(async () =>
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        await body(terminal, port);
    });

    private static async Task Send(PseudoTerminal terminal, string text) => await terminal.WriteAsync(System.Text.Encoding.ASCII.GetBytes(text));
}
