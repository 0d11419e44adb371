using Sprig.IO.Ports;
using Sprig.Scheduling;

namespace Sprig.Cli.Serial;

/// <summary>Sends a pattern out of one port, and compares what another, or the same, receives meanwhile.</summary>
internal sealed class PatternRun(SerialPort from, SerialPort to, Pattern pattern)
{
    private const int Piece = 256;

    /// <summary>When all is sent and nothing came for so long, nothing more will.</summary>
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(500);

    /// <summary>When nothing came for so long though there is more to send, it can't be sent.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private MonotonicTime _started;
    private MonotonicTime _last;

    /// <summary>How many are sent; zero: as many as fit into <see cref="Length"/>.</summary>
    internal long Bytes { get; init; }

    /// <summary>How long it sends; zero: until <see cref="Bytes"/> are sent.</summary>
    internal TimeSpan Length { get; init; }

    internal PatternChecker Checker { get; } = new(pattern);

    /// <summary>From the first byte that was sent to the last that was received.</summary>
    internal TimeSpan Time => _last - _started;

    /// <summary>It could not send all.</summary>
    internal bool IsStuck { get; private set; }

    internal async Task RunAsync()
    {
        _started = _last = MonotonicTime.Now;
        Coroutine writer = Coroutine.Spawn(SendAsync, new SpawnOptions { Name = "pattern" });
        byte[] buffer = new byte[4096];
        try
        {
            int count = 0;
            while (true)
            {
                bool wasSent = !writer.IsAlive;
                if (await Deadline.TryRunAsync(wasSent ? s_quiet : s_patience, async () => count = await to.ReadAsync(buffer)))
                {
                    _last = MonotonicTime.Now;
                    Checker.Add(buffer.AsSpan(0, count));
                }
                else if (wasSent || writer.IsAlive)
                {
                    break;
                }
            }

            IsStuck = writer.IsAlive;
        }
        finally
        {
            writer.Kill();
            await writer.JoinAsync();
        }

        if (!IsStuck)
            await writer;
        Checker.Finish();
    }

    private async Task SendAsync()
    {
        byte[] piece = new byte[Piece];
        MonotonicTime end = Length == TimeSpan.Zero ? new MonotonicTime(long.MaxValue) : _started + Length;
        while ((Bytes == 0 || Checker.Sent < Bytes) && MonotonicTime.Now < end)
        {
            int count = Bytes == 0 ? Piece : (int)Math.Min(Piece, Bytes - Checker.Sent);
            pattern.Fill(Checker.Sent, piece.AsSpan(0, count));
            // Counted before: it may come back before the write has ended.
            Checker.Sent += count;
            await from.WriteAsync(piece.AsMemory(0, count));
        }

        await from.DrainAsync();
    }
}
