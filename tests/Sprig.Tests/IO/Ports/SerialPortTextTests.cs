using System.Text;
using Sprig.IO;
using Sprig.IO.Ports;
using Sprig.Scheduling;
using Sprig.Tests.Support;
using Xunit;

namespace Sprig.Tests.IO.Ports;

public class SerialPortTextTests
{
    [Fact]
    public void ReadLine_ends_at_NewLine_and_keeps_the_CR_before_an_LF() => SerialLoop.RunPlain((terminal, port) =>
    {
        terminal.Write("one\r\ntwo\nthree\r\n"u8);
        Assert.Equal("one\r", port.ReadLine());
        Assert.Equal("two", port.ReadLine());
        port.NewLine = "\r\n";
        Assert.Equal("three", port.ReadLine());
    });

    [Fact]
    public void A_ReadLine_that_was_in_vain_leaves_what_came_to_all_the_others() => SerialLoop.RunPlain((terminal, port) =>
    {
        port.ReadTimeout = 10;
        SerialLoop.SendNow(terminal, port, "no end"u8);
        TimeoutException error = Assert.Throws<TimeoutException>(() => port.ReadLine());
        Assert.Equal($"Nothing came from {port.PortName} within 10 ms.", error.Message);
        Assert.Equal(6, port.BytesToRead);
        Assert.Equal('n', port.ReadByte());
        Assert.Equal('o', port.ReadChar());
        Assert.Equal(" e", port.ReadTo("n"));
        Assert.Equal("d", port.ReadExisting());
        Assert.Equal("", port.ReadExisting());
        Assert.Throws<TimeoutException>(() => port.ReadByte());
        Assert.Throws<TimeoutException>(() => port.ReadChar());
        Assert.Throws<TimeoutException>(() => port.Read(new byte[1], 0, 1));
        port.ReadTimeout = 0;
        Assert.Throws<TimeoutException>(() => port.ReadTo("x"));
    });

    [Fact]
    public void A_line_comes_in_pieces_and_the_thread_waits() => SerialLoop.RunPlain((terminal, port) =>
    {
        SignalledThread<string> reader = new(() => port.ReadLine());
        foreach (char piece in "split\n")
        {
            reader.WaitUntilAsleep();
            terminal.Write([(byte)piece]);
        }

        Assert.Equal("split", reader.Join());
    });

    [Fact]
    public void A_long_text_without_an_end_is_kept_whole() => SerialLoop.RunPlain((terminal, port) =>
    {
        string text = new('x', 50_000);
        Thread writer = new(() => terminal.Write(Encoding.ASCII.GetBytes($"{text}<end>next")));
        writer.Start();
        Assert.Equal(text, port.ReadTo("<end>"));
        writer.Join();
        Assert.Equal('n', port.ReadChar());
    });

    [Fact]
    public void Characters_of_several_bytes_are_read_whole() => SerialLoop.RunPlain((terminal, port) =>
    {
        port.Encoding = Encoding.UTF8;
        byte[] bytes = Encoding.UTF8.GetBytes("aé€😀z");
        SerialLoop.SendNow(terminal, port, bytes.AsSpan(0, bytes.Length - 3));
        Assert.Equal(('a', 'é', '€'), (port.ReadChar(), port.ReadChar(), port.ReadChar()));
        // Half of the last one stays for the next call.
        Assert.Equal("", port.ReadExisting());
        Assert.Equal(2, port.BytesToRead);
        SerialLoop.SendNow(terminal, port, bytes.AsSpan(bytes.Length - 3));
        char[] buffer = new char[4];
        Assert.Equal(1, port.Read(buffer, 1, 1));
        Assert.Equal("😀"[0], buffer[1]);
        Assert.Equal("😀"[1] + "z", port.ReadExisting());
        Assert.Equal(0, port.Read(buffer, 0, 0));
    });

    [Fact]
    public void An_end_in_UTF16_is_one_of_whole_characters() => SerialLoop.RunPlain((terminal, port) =>
    {
        port.Encoding = Encoding.Unicode;
        // 0x0A41 and 0x0042: an LF stands across them, in the bytes 0A 00 of "41 0A | 42 00" none, in "00 0A | 00 41" one.
        string text = "\u0A00\u4100x";
        terminal.Write(Encoding.Unicode.GetBytes($"{text}\n"));
        Assert.Equal(text, port.ReadLine());
    });

    [Fact]
    public void Text_is_written_in_the_encoding() => IoLoop.Run(async () =>
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        port.Write("é");
        port.Encoding = Encoding.UTF8;
        port.NewLine = "\r\n";
        port.Write("é");
        port.Write(['a', 'b', 'c'], 1, 1);
        port.Write([1, 2, 3], 1, 1);
        port.WriteLine("end");
        await port.WriteAsync("é");
        await port.WriteLineAsync("end");
        byte[] expected = [.. "?"u8, .. "éb"u8, 2, .. "end\r\n"u8, .. "éend\r\n"u8];
        Assert.Equal(expected, await IoLoop.ReadExactly(terminal, expected.Length));
    });

    [Fact]
    public void What_was_read_ahead_of_a_line_is_there_for_every_other_way_of_reading() => SerialLoop.Run(async (terminal, port) =>
    {
        await SerialLoop.Send(terminal, "line\nabcdefghij;k\n");
        Assert.Equal("line", await port.ReadLineAsync());
        byte[] two = new byte[2];
        Assert.Equal(2, await port.ReadAsync(two));
        Assert.Equal("ab"u8.ToArray(), two);
        Assert.Equal('c', port.ReadByte());
        Assert.Equal(0, await port.ReadAsync(Memory<byte>.Empty));
        Assert.Equal(2, port.Read(two, 0, 2));
        Assert.Equal("de"u8.ToArray(), two);
        Assert.Equal("fghij", await port.ReadToAsync(";"));
        Assert.Equal("k\n", port.ReadExisting());
        Assert.Equal(0, port.BytesToRead);
    });

    [Fact]
    public void What_came_and_was_read_ahead_is_discarded() => SerialLoop.Run(async (terminal, port) =>
    {
        await SerialLoop.Send(terminal, "one\nahead");
        Assert.Equal("one", await port.ReadLineAsync());
        SerialLoop.SendNow(terminal, port, "more"u8);
        port.DiscardInBuffer();
        Assert.Equal(0, port.BytesToRead);
        await SerialLoop.Send(terminal, "new\n");
        Assert.Equal("new", await port.ReadLineAsync());
    });

    [Fact]
    public void Awaited_lines_end_where_NewLine_says() => SerialLoop.Run(async (terminal, port) =>
    {
        port.NewLine = "\r";
        await SerialLoop.Send(terminal, "a\nb\rgrün\rc\r\n");
        Assert.Equal("a\nb", await port.ReadLineAsync());
        Assert.Equal("grün", await port.ReadLineAsync());
        port.Encoding = Encoding.Latin1;
        port.NewLine = "\r\n";
        Assert.Equal("c", await port.ReadLineAsync());
    });

    [Fact]
    public void An_awaited_text_obeys_deadline_and_token_and_loses_nothing() => IoLoop.RunVirtually(async () =>
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        await SerialLoop.Send(terminal, "half");
        string? text = null;
        Assert.False(await Deadline.TryRunAsync(TimeSpan.FromSeconds(1), async () => text = await port.ReadToAsync(";")));
        using CancellationTokenSource source = new();
        Coroutine<string?> reader = Coroutine.Spawn(() => port.ReadToAsync(";", source.Token));
        await IoLoop.UntilBlocked(reader);
        await source.CancelAsync();
        await IoLoop.Throws<OperationCanceledException>(async () => await reader);
        await IoLoop.Throws<OperationCanceledException>(async () => await port.ReadLineAsync(source.Token));
        await SerialLoop.Send(terminal, "way;");
        Assert.Equal("halfway", await port.ReadToAsync(";"));
        Assert.Null(text);
    });

    [Fact]
    public void Garbage_without_an_end_at_3_Mbaud_is_dropped_and_counted_and_lines_go_on() => IoLoop.Run(async () =>
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath, 3_000_000);
        byte[] garbage = new byte[1 << 20];
        new Random(6).NextBytes(garbage);
        for (int i = 0; i < garbage.Length; i++)
            garbage[i] = garbage[i] == (byte)'\n' ? (byte)'x' : garbage[i];
        Coroutine sender = Coroutine.Spawn(async () =>
        {
            await terminal.WriteAsync(garbage);
            await SerialLoop.Send(terminal, "\nwhole\n");
        });
        await IoLoop.Throws<InvalidDataException>(async () => await port.ReadLineAsync());
        Assert.Equal("whole", await port.ReadLineAsync());
        Assert.Equal(1, port.LinesTooLong);
        await sender;
    });

    [Fact]
    public void In_the_midst_of_a_line_that_is_dropped_an_end_of_two_bytes_is_found() => SerialLoop.Run(async (terminal, port) =>
    {
        port.NewLine = "\r\n";
        Coroutine sender = Coroutine.Spawn(() => SerialLoop.Send(terminal, $"{new string('x', 6000)}\r"));
        await IoLoop.Throws<InvalidDataException>(async () => await port.ReadLineAsync());
        Coroutine<string?> reader = Coroutine.Spawn(() => port.ReadLineAsync());
        await sender;
        await IoLoop.UntilBlocked(reader);
        await SerialLoop.Send(terminal, "\nnext\r\n");
        Assert.Equal("next", await reader);
    });
}
