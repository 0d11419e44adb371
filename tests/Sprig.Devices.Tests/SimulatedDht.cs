using Sprig.Scheduling;
using Sprig.Testing;

namespace Sprig.Devices.Tests;

/// <summary>A DHT on a line of a board: pulled down for long enough and let go, it answers with five bytes by the times of its datasheet.</summary>
internal sealed class SimulatedDht
{
    private readonly SimulatedPin _pin;
    private readonly TimeSpan _start;
    private MonotonicTime _fell;
    private bool _answers;

    internal SimulatedDht(SimulatedBoard board, int line, double startMilliseconds)
    {
        _pin = board.Pin(line);
        _pin.Pull(IO.GpioBias.PullUp);
        _start = TimeSpan.FromMilliseconds(startMilliseconds);
        board.Changed += change =>
        {
            if (change.Line == line && !_answers)
                OnAsked(change);
        };
    }

    /// <summary>What it says; the checksum too, unless <see cref="Checksum"/> is set.</summary>
    internal byte[] Data { get; set; } = [0, 0, 0, 0];

    internal byte? Checksum { get; set; }

    /// <summary>How many bits of an answer come; after them the line stays high.</summary>
    internal int Bits { get; set; } = 40;

    /// <summary>How many questions it does not answer.</summary>
    internal int Deaf { get; set; }

    /// <summary>Whether its "here I am" is left out, as if it had come before the line listened.</summary>
    internal bool IsHasty { get; set; }

    /// <summary>When it was asked, in seconds of the run.</summary>
    internal List<double> Asked { get; } = [];

    private void OnAsked(PinChange change)
    {
        if (!change.Level)
        {
            _fell = change.Time;
            return;
        }

        if (change.Time - _fell < _start)
            return;
        Asked.Add(TimeSpan.FromTicks((change.Time.Nanoseconds - 86_400_000_000_000) / 100).TotalSeconds);
        if (Deaf-- > 0)
            return;
        _answers = true;
        _ = Coroutine.Spawn(AnswerAsync, new SpawnOptions { Daemon = DaemonRule.UntilWorkEnds });
    }

    private async Task AnswerAsync()
    {
        MonotonicTime now = MonotonicTime.Now;
        await UntilAsync(30);
        if (!IsHasty)
        {
            _pin.Drive(false);
            await UntilAsync(80);
            _pin.Float();
            await UntilAsync(80);
        }

        byte sum = Checksum ?? (byte)Data.Sum(one => one);
        byte[] all = [.. Data, sum];
        for (int i = 0; i < Bits; i++)
        {
            _pin.Drive(false);
            await UntilAsync(50);
            _pin.Float();
            await UntilAsync((all[i / 8] >> (7 - i % 8) & 1) != 0 ? 70 : 26);
        }

        _pin.Drive(false);
        await UntilAsync(50);
        _pin.Float();
        _answers = false;

        async Task UntilAsync(double microseconds) => await Coroutine.SleepUntil(now += TimeSpan.FromMicroseconds(microseconds));
    }
}
