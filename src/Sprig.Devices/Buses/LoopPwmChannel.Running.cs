using Sprig.Scheduling;

namespace Sprig.Devices.Buses;

/// <content>The coroutine that makes the edges.</content>
public sealed partial class LoopPwmChannel
{
    private const long Second = 1_000_000_000;

    private readonly Action _wake;
    private Coroutine? _runner;

    /// <summary>Counts the starts and stops: a runner of an earlier life touches the line no more.</summary>
    private int _life;
    private long _edges, _lateness, _latest, _skipped;

    /// <summary>Whether it is started. On the loop.</summary>
    public bool IsRunning => _runner is { IsAlive: true };

    /// <summary>How late its edges have come since it was made, or since <see cref="ResetLateness"/>. On the loop.</summary>
    public PwmLateness Lateness
        => new(_edges, TimeSpan.FromTicks(_latest / 100), TimeSpan.FromTicks(_edges == 0 ? 0 : _lateness / _edges / 100), _skipped);

    /// <summary>Begins to count anew. On the loop.</summary>
    public void ResetLateness() => _edges = _lateness = _latest = _skipped = 0;

    private void Begin()
    {
        if (IsRunning || _isDisposed)
            return;
        int life = ++_life;
        _runner = Coroutine.Spawn(() => RunAsync(life), new SpawnOptions { Name = ToString(), Daemon = DaemonRule.UntilWorkEnds });
    }

    private void End()
    {
        if (_isDisposed || _runner is null)
            return;
        Cease();
        _output.Level = RestingLevel;
    }

    private void Cease()
    {
        _life++;
        _runner?.Kill();
        _runner = null;
    }

    private void Wake()
    {
        if (IsRunning)
            _changes.WakeAll();
    }

    private async Task RunAsync(int life)
    {
        try
        {
            while (true)
            {
                await StandStillAsync();
                await BeatAsync(Frequency);
            }
        }
        finally
        {
            // Killed at the run's end, not by a stop.
            if (life == _life && !_output.IsDisposed)
                _output.Level = RestingLevel;
        }
    }

    /// <summary>Without edges, as long as the line is to be low or high throughout.</summary>
    private async Task StandStillAsync()
    {
        while (DutyCycle is 0 or 1)
        {
            _output.Level = DutyCycle is 1;
            await _changes.WaitAsync();
        }
    }

    /// <summary>Periods of one frequency, until that changes or there are to be no edges.</summary>
    private async Task BeatAsync(int frequency)
    {
        // Each second begins anew: so neither rounding nor overflow ever adds up.
        long second = MonotonicTime.Now.Nanoseconds;
        int period = 0;
        while (Frequency == frequency && DutyCycle is > 0 and < 1 and double duty)
        {
            long begin = second + period * Second / frequency;
            long end = second + (period + 1) * Second / frequency;
            Drive(true, begin);
            long fall = begin + (long)((end - begin) * duty);
            await Coroutine.SleepUntil(new MonotonicTime(fall));
            Drive(false, fall);
            await Coroutine.SleepUntil(new MonotonicTime(end));
            period++;
            long late = MonotonicTime.Now.Nanoseconds - end;
            if (late >= Second / frequency)
            {
                long missed = late * frequency / Second;
                _skipped += missed;
                period += (int)Math.Min(missed, int.MaxValue / 2);
            }

            second += period / frequency * Second;
            period %= frequency;
        }
    }

    private void Drive(bool level, long due)
    {
        _output.Level = level;
        long late = MonotonicTime.Now.Nanoseconds - due;
        _edges++;
        _lateness += late;
        _latest = Math.Max(_latest, late);
    }
}
