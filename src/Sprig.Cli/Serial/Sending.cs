using System.Globalization;
using Sprig.IO.Ports;
using Sprig.Scheduling;

namespace Sprig.Cli.Serial;

/// <summary><c>sprig serial send</c>: writes, waits until the line has it, and shows an answer.</summary>
internal sealed class Sending(TextWriter output, TextWriter error, string port, SerialSettings settings)
{
    private const int Piece = 1024;

    /// <summary>An answer is over when nothing comes for so long.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);
    private long _sent;

    /// <summary>How long the port may take nothing.</summary>
    internal TimeSpan Patience { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>How long an answer is waited for; zero: it isn't.</summary>
    internal TimeSpan AnswerTime { get; init; }

    /// <summary>How the answer is shown.</summary>
    internal ViewKind View { get; init; }

    /// <summary>All of it is out, and the answer came where one was waited for.</summary>
    internal bool IsDone { get; private set; }

    internal async Task RunAsync(Stream payload)
    {
        using SerialLink link = SerialLink.Open(port, settings, SimulatedDevice.Echo);
        if (!await SendAsync(payload, link.Port))
        {
            await error.WriteLineAsync($"sprig serial send: {link.Name} took nothing more for {Patience.TotalSeconds} s, after {_sent} bytes: is its flow control stopped by the other side?");
            return;
        }

        output.WriteLine($"{_sent} bytes sent");
        IsDone = AnswerTime == TimeSpan.Zero || await ShowAnswerAsync(link.Port);
        if (!IsDone)
            await error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"sprig serial send: no answer from {link.Name} in {AnswerTime.TotalSeconds} s"));
    }

    private async Task<bool> SendAsync(Stream payload, SerialPort to)
    {
        byte[] piece = new byte[Piece];
        int count;
        while ((count = await payload.ReadAsync(piece)) > 0)
        {
            long before = _sent;
            bool isMoving = await WhileItMovesAsync(Patience, () => _sent - to.BytesToWrite, async () =>
            {
                ReadOnlyMemory<byte> rest = piece.AsMemory((int)(_sent - before), count - (int)(_sent - before));
                try
                {
                    await to.WriteAsync(rest);
                }
                finally
                {
                    _sent += to.LastWriteCount;
                }
            });
            if (!isMoving)
                return false;
        }

        // What the kernel has taken is not on the wire yet: a slow line, or one that is stopped.
        return await WhileItMovesAsync(Patience, () => _sent - to.BytesToWrite, async () => await to.DrainAsync());
    }

    /// <summary>Does it again as long as bytes leave: the four kilobytes that the kernel takes keep a line of 300 baud busy for two
    /// minutes.</summary>
    /// <param name="patience">How long none may leave.</param>
    /// <param name="countLeft">How many have left.</param>
    /// <param name="step">What goes on where it was ended.</param>
    internal static async Task<bool> WhileItMovesAsync(TimeSpan patience, Func<long> countLeft, Func<Task> step)
    {
        long left = countLeft();
        while (!await Deadline.TryRunAsync(patience, step))
        {
            long before = left;
            left = countLeft();
            if (left <= before)
                return false;
        }

        return true;
    }

    private async Task<bool> ShowAnswerAsync(SerialPort from)
    {
        byte[] buffer = new byte[Piece];
        MonitorView view = new(View, StampKind.None, MonotonicTime.Now);
        bool came = false;
        await Deadline.TryRunAsync(AnswerTime, async () =>
        {
            int count = 0;
            while (await Deadline.TryRunAsync(came ? s_pause : Timeout.InfiniteTimeSpan, async () => count = await from.ReadAsync(buffer)))
            {
                came = true;
                view.Add(buffer.AsSpan(0, count), MonotonicTime.Now);
                output.Write(view.Take());
            }
        });
        view.EndRow();
        output.Write(view.Take());
        return came;
    }
}
