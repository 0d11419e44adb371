using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using Sprig.IO;
using Sprig.Scheduling;

namespace Benchmarks.Serial;

/// <summary>What stands at the other end of the lines, in a process of its own: pseudo-terminals that send lines of 32 bytes when a
/// reader asks for them on the same line, by "b100000" (as fast as it takes them, 128 at a time) or "p3000" (1 kHz, each with the
/// clock at its write).</summary>
internal static class LineSender
{
    /// <summary>The command line's word for it.</summary>
    internal const string Subject = "serial-sender";

    internal const int LineLength = 32;
    private const int AtOnce = 128;

    /// <summary>A line: a number of 19 digits, and letters to fill it.</summary>
    private const int StampLength = 19;

    /// <summary>Starts the process with so many terminals; their paths.</summary>
    internal static Process Start(int terminals, out string[] paths)
    {
        Process process = SelfExecution.Start([Subject, $"{terminals}"]);
        paths = process.StandardOutput.ReadLine()?.Split(' ') ?? [];
        return paths.Length == terminals ? process : throw new InvalidOperationException("The sender of the lines has not started.");
    }

    /// <summary>What that process does: until it is killed.</summary>
    internal static void Serve(int count) => CoroutineScheduler.Run(async () =>
    {
        PseudoTerminal[] terminals = [.. Enumerable.Range(0, count).Select(_ => PseudoTerminal.Open())];
        Coroutine[] servers = [.. terminals.Select(terminal => Coroutine.Spawn(() => ServeAsync(terminal)))];
        Console.WriteLine(string.Join(' ', terminals.Select(terminal => terminal.DevicePath)));
        await Coroutine.JoinAll(servers);
    });

    private static async Task ServeAsync(PseudoTerminal terminal)
    {
        LineReader requests = new(terminal);
        while (true)
        {
            try
            {
                if (await requests.ReadLineAsync() is not [char kind, .. string count])
                    continue;
                int lines = int.Parse(count, CultureInfo.InvariantCulture);
                await (kind == 'p' ? SendPacedAsync(terminal, lines) : SendBurstAsync(terminal, lines));
            }
            catch (IOException)
            {
                // Nobody has it open just now.
                await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
            }
        }
    }

    private static async Task SendBurstAsync(PseudoTerminal terminal, int lines)
    {
        byte[] block = new byte[AtOnce * LineLength];
        for (int sent = 0; sent < lines; sent += AtOnce)
        {
            int now = Math.Min(AtOnce, lines - sent);
            for (int i = 0; i < now; i++)
                Fill(block.AsSpan(i * LineLength, LineLength), sent + i);
            await terminal.WriteAsync(block.AsMemory(0, now * LineLength));
        }
    }

    private static async Task SendPacedAsync(PseudoTerminal terminal, int lines)
    {
        byte[] line = new byte[LineLength];
        Ticker ticker = new(TimeSpan.FromMilliseconds(1));
        for (int i = 0; i < lines; i++)
        {
            await ticker.NextAsync();
            Fill(line, Stopwatch.GetTimestamp());
            await terminal.WriteAsync(line);
        }
    }

    private static void Fill(Span<byte> line, long number)
    {
        line.Fill((byte)'x');
        Utf8Formatter.TryFormat(number, line, out _, new System.Buffers.StandardFormat('D', StampLength));
        line[^1] = (byte)'\n';
    }
}
