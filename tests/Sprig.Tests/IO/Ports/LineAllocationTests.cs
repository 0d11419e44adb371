using System.Buffers;
using System.IO.Pipelines;
using Sprig.IO;
using Sprig.IO.Ports;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO.Ports;

/// <summary>Zero bytes a line in steady state. No asserts within the rounds: they allocate.</summary>
public class LineAllocationTests
{
    private const int WarmUp = 2000;
    private const int Rounds = 1000;

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    public void Lines_through_the_pipe_reader_allocate_nothing_though_each_is_waited_for(int ports)
        => Assert.Equal(0, BytesOfALine(ports, ReadPipeAsync));

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    public void Plain_reads_allocate_nothing(int ports) => Assert.Equal(0, BytesOfALine(ports, ReadBytesAsync));

    [Fact]
    public void Reads_with_a_token_allocate_nothing() => Assert.Equal(0, BytesOfALine(1, ReadBytesWithTokenAsync));

    [Fact]
    public void A_line_as_a_string_allocates_its_string_and_no_more()
        => Assert.Equal(SizeOf(() => new string('x', Counter.LineLength - 1)), BytesOfALine(1, ReadLinesAsync));

    private static long SizeOf(Func<object> create)
    {
        object kept = create();
        long before = GC.GetAllocatedBytesForCurrentThread();
        kept = create();
        long size = GC.GetAllocatedBytesForCurrentThread() - before;
        GC.KeepAlive(kept);
        return size;
    }

    /// <summary>Lines, each port's read before the next round is written, so that every read has waited.</summary>
    private static long BytesOfALine(int count, Func<SerialPort, Counter, Task> read)
    {
        long bytes = 0;
        IoLoop.Run(async () =>
        {
            PseudoTerminal[] terminals = [.. Enumerable.Range(0, count).Select(_ => PseudoTerminal.Open())];
            SerialPort[] ports = Array.ConvertAll(terminals, terminal => SerialPort.Open(terminal.DevicePath));
            Counter counter = new();
            Coroutine[] readers = [.. ports.Select(port => Coroutine.Spawn(() => read(port, counter)))];
            byte[] line = new byte[Counter.LineLength];
            line[^1] = (byte)'\n';
            long before = 0;
            for (int round = 0; round < WarmUp + Rounds; round++)
            {
                if (round == WarmUp)
                    before = GC.GetAllocatedBytesForCurrentThread();
                counter.Left = count;
                foreach (PseudoTerminal terminal in terminals)
                    await terminal.WriteAsync(line);
                while (counter.Left > 0)
                    await Coroutine.Sleep(TimeSpan.FromMicroseconds(20));
            }

            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds / count;
            foreach (Coroutine reader in readers)
                await reader.KillAsync();
            Array.ForEach(ports, port => port.Dispose());
            Array.ForEach(terminals, terminal => terminal.Dispose());
        });
        return bytes;
    }

    private static async Task ReadPipeAsync(SerialPort port, Counter counter)
    {
        LoopPipeReader reader = new(port);
        while (true)
        {
            ReadResult result = await reader.ReadAsync();
            SequenceReader<byte> lines = new(result.Buffer);
            while (lines.TryReadTo(out ReadOnlySpan<byte> _, (byte)'\n'))
                counter.Left--;
            reader.AdvanceTo(lines.Position, result.Buffer.End);
        }
    }

    private static async Task ReadBytesAsync(SerialPort port, Counter counter)
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            int received = await port.ReadAsync(buffer);
            counter.Take(received);
        }
    }

    private static async Task ReadBytesWithTokenAsync(SerialPort port, Counter counter)
    {
        using CancellationTokenSource source = new();
        byte[] buffer = new byte[4096];
        while (true)
        {
            int received = await port.ReadAsync(buffer, source.Token);
            counter.Take(received);
        }
    }

    private static async Task ReadLinesAsync(SerialPort port, Counter counter)
    {
        while (await port.ReadLineAsync() is not null)
            counter.Left--;
    }

    private sealed class Counter
    {
        internal const int LineLength = 32;
        private int _bytes;

        internal int Left { get; set; }

        internal void Take(int bytes)
        {
            // A line may come in two pieces.
            _bytes += bytes;
            Left -= _bytes / LineLength;
            _bytes %= LineLength;
        }
    }
}
