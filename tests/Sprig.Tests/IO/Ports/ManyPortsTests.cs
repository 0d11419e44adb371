using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Sprig.IO;
using Sprig.IO.Ports;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO.Ports;

public class ManyPortsTests
{
    private const int Ports = 32;
    private const int Lines = 1000;
    private const int AtOnce = 50;

    [Theory]
    [InlineData("lines")]
    [InlineData("pipe")]
    public void Thirty_two_ports_at_once_on_one_thread_give_every_line_whole_and_in_order(string way) => IoLoop.Run(async () =>
    {
        PseudoTerminal[] terminals = [.. Enumerable.Range(0, Ports).Select(_ => PseudoTerminal.Open())];
        SerialPort[] ports = Array.ConvertAll(terminals, terminal => SerialPort.Open(terminal.DevicePath));
        HashSet<int> threads = [];
        Coroutine<List<string>>[] readers = [.. ports.Select(port => Coroutine.Spawn(() => way == "lines" ? ReadLinesAsync(port, threads) : ReadPipeAsync(port, threads)))];
        Coroutine[] writers = [.. terminals.Select((terminal, i) => Coroutine.Spawn(() => WriteAsync(terminal, i)))];
        await Coroutine.JoinAll(writers, raiseError: true);
        for (int i = 0; i < Ports; i++)
            Assert.Equal(Enumerable.Range(0, Lines).Select(line => LineOf(i, line)), await readers[i]);
        Assert.Equal([Environment.CurrentManagedThreadId], threads);
        Array.ForEach(ports, port => port.Dispose());
        Array.ForEach(terminals, terminal => terminal.Dispose());
    });

    [Fact]
    public void What_a_tty_holds_behind_a_full_read_is_read_without_a_sleep() => IoLoop.Run(async () =>
    {
        // A tty hands out 4095 bytes at once; that the buffer had more room does not say that it holds no more.
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        byte[] sent = new byte[8000];
        new Random(1).NextBytes(sent);
        await terminal.WriteAsync(sent);
        byte[] got = new byte[2 * sent.Length];
        int have = 0;
        bool isFull = false;
        while (have < sent.Length)
        {
            ValueTask<int> read = port.ReadAsync(got.AsMemory(have));
            Assert.True(read.IsCompleted || !isFull, $"It slept with {have} bytes read.");
            int count = await read;
            isFull = count >= 2048;
            have += count;
        }

        Assert.Equal(sent, got[..have]);
    });

    private static string LineOf(int port, int line) => $"port {port} line {line} {new string((char)('a' + line % 26), line % 60)}";

    private static async Task WriteAsync(PseudoTerminal terminal, int port)
    {
        for (int line = 0; line < Lines; line += AtOnce)
        {
            StringBuilder text = new();
            for (int i = line; i < line + AtOnce; i++)
                text.Append(LineOf(port, i)).Append('\n');
            await terminal.WriteAsync(Encoding.ASCII.GetBytes(text.ToString()));
            await Coroutine.Yield();
        }
    }

    private static async Task<List<string>> ReadLinesAsync(SerialPort port, HashSet<int> threads)
    {
        List<string> lines = [];
        while (lines.Count < Lines)
        {
            lines.Add((await port.ReadLineAsync())!);
            threads.Add(Environment.CurrentManagedThreadId);
        }

        return lines;
    }

    private static async Task<List<string>> ReadPipeAsync(SerialPort port, HashSet<int> threads)
    {
        List<string> lines = [];
        LoopPipeReader reader = new(port, leaveOpen: true);
        while (lines.Count < Lines)
        {
            ReadResult result = await reader.ReadAsync();
            threads.Add(Environment.CurrentManagedThreadId);
            ReadOnlySequence<byte> rest = result.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                lines.Add(Encoding.ASCII.GetString(rest.Slice(0, end)));
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            reader.AdvanceTo(rest.Start, rest.End);
        }

        return lines;
    }
}
