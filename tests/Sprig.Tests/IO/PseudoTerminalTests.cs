using Sprig.IO;
using Sprig.IO.Ports;
using Xunit;

namespace Sprig.Tests.IO;

public class PseudoTerminalTests
{
    [Fact]
    public void It_is_a_tty_with_a_path()
    {
        using PseudoTerminal one = PseudoTerminal.Open();
        using PseudoTerminal two = PseudoTerminal.Open();
        Assert.StartsWith("/dev/pts/", one.DevicePath, StringComparison.Ordinal);
        Assert.NotEqual(one.DevicePath, two.DevicePath);
        Assert.True(File.Exists(one.DevicePath));
        Assert.Equal($"the other end of {one.DevicePath}", one.Device);
    }

    [Fact]
    public void What_is_written_before_the_tty_is_opened_comes_back_to_nobody() => IoLoop.Run(async () =>
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        await terminal.WriteAsync("early\n"u8.ToArray());
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        await port.WriteAsync("late"u8.ToArray());
        Assert.Equal("late"u8.ToArray(), await IoLoop.ReadExactly(terminal, 4));
    });

    [Fact]
    public void Reading_when_the_tty_was_closed_is_an_error_until_it_is_opened_again() => IoLoop.Run(async () =>
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using (SerialPort port = SerialPort.Open(terminal.DevicePath))
        {
            await port.WriteAsync("x"u8.ToArray());
            Assert.Equal("x"u8.ToArray(), await IoLoop.ReadExactly(terminal, 1));
        }

        IOException error = await IoLoop.Throws<IOException>(async () => await terminal.ReadAsync(new byte[1]));
        Assert.Contains(terminal.DevicePath, error.Message, StringComparison.Ordinal);

        using (SerialPort port = SerialPort.Open(terminal.DevicePath))
        {
            await port.WriteAsync("y"u8.ToArray());
            Assert.Equal("y"u8.ToArray(), await IoLoop.ReadExactly(terminal, 1));
            await terminal.WriteAsync("z"u8.ToArray());
            Assert.Equal("z"u8.ToArray(), await IoLoop.ReadExactly(port, 1));
        }
    });

    [Fact]
    public void A_hundred_thousand_bytes_pass_as_they_are() => IoLoop.Run(async () =>
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        byte[] bytes = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7))];
        Sprig.Scheduling.Coroutine sender = Sprig.Scheduling.Coroutine.Spawn(() => terminal.WriteAsync(bytes));
        Assert.Equal(bytes, await IoLoop.ReadExactly(port, bytes.Length));
        await sender;
    });
}
