using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Testing.Serial;

/// <summary>One direction of a <see cref="NoisyLine"/>: the daemon that carries its bytes.</summary>
internal sealed class NoisyDirection
{
    private const int PieceSize = 1024;
    private const int BitsPerByte = 10;
    private const int PiecesPerSecond = 1000;

    private static readonly TimeSpan s_untilOpened = TimeSpan.FromMilliseconds(5);

    private readonly Stream _from;
    private readonly Stream _to;
    private readonly NoiseSource _noise;
    private readonly Coroutine _carrier;
    private readonly double _bytesPerSecond;
    private MonotonicTime _free;

    internal NoisyDirection(Stream from, Stream to, NoiseSource noise, int? baudRate)
    {
        _from = from;
        _to = to;
        _noise = noise;
        _bytesPerSecond = baudRate is { } baud ? (double)baud / BitsPerByte : 0;
        _carrier = Coroutine.Spawn(CarryAsync, new SpawnOptions { Name = "a noisy line", Daemon = DaemonRule.UntilWorkEnds });
    }

    internal NoiseCounts Counts => _noise.Counts;

    internal bool IsCut { get; set; }

    internal void Stop() => _carrier.Kill();

    private async Task CarryAsync()
    {
        // What is on its way at once is no more than a millisecond of the line.
        int piece = _bytesPerSecond == 0 ? PieceSize : (int)Math.Clamp(_bytesPerSecond / PiecesPerSecond, 1, PieceSize);
        byte[] input = new byte[piece];
        byte[] output = new byte[NoiseSource.MostOf(piece)];
        CancellationToken token = _from is FdStream && _to is FdStream ? default : Coroutine.Current.Token;
        try
        {
            int count;
            while ((count = await ReadAsync(input, token)) > 0)
            {
                await PaceAsync(count);
                if (IsCut)
                    _noise.Lose(count);
                else if (_noise.Disturb(input.AsSpan(0, count), output) is > 0 and int left)
                    await _to.WriteAsync(output.AsMemory(0, left), token);
                await Coroutine.CheckpointAsync();
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or IOException)
        {
            // Pulled out at either end.
        }

        // The line is gone in both directions, and at both ends.
        _to.Dispose();
    }

    private async ValueTask<int> ReadAsync(byte[] buffer, CancellationToken token)
    {
        while (true)
        {
            try
            {
                return await _from.ReadAsync(buffer, token);
            }
            catch (IOException) when (_from is PseudoTerminal)
            {
                // Nobody has the tty open. The kernel doesn't tell when somebody does.
                await Coroutine.Sleep(s_untilOpened);
            }
        }
    }

    private async ValueTask PaceAsync(int count)
    {
        if (_bytesPerSecond == 0)
            return;
        MonotonicTime now = MonotonicTime.Now;
        _free = (_free > now ? _free : now) + TimeSpan.FromSeconds(count / _bytesPerSecond);
        await Coroutine.SleepUntil(_free);
    }
}
