using System.Device.Pwm;
using Sprig.Devices.Buses;
using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Devices;

/// <summary>A passive buzzer, or a small speaker, on a PWM channel: tones, beeps and tunes.</summary>
/// <remarks>Loop thread only. One thing drives it: any write ends a beep or a tune, as of now, and so does Dispose. One of those that is
/// killed, or fails, leaves it silent. A buzzer that beeps by itself when it has power is an <see cref="Led"/> to a program.</remarks>
public sealed class Buzzer : IDisposable
{
    private readonly PwmActuator _pwm;
    private readonly WorkSlot _work;

    /// <summary>On a channel that is its own from now on; it is started, silent.</summary>
    /// <param name="channel">Disposed of with the buzzer.</param>
    public Buzzer(PwmChannel channel)
        : this(new PwmActuator(channel))
    {
    }

    /// <summary>On any line of a chip, silent, with PWM in software: see <see cref="LoopPwmChannel"/>, whose pitch ends at 1000 Hz and is
    /// as rough as the loop is late.</summary>
    /// <exception cref="InvalidOperationException">No scheduler runs on this thread; no line is held.</exception>
    /// <inheritdoc cref="GpioChip.OpenOutput" path="/exception"/>
    public Buzzer(GpioChip chip, int line)
        : this(PwmActuator.Open(chip, line, frequency: 440))
    {
    }

    private Buzzer(PwmActuator pwm)
    {
        _pwm = pwm;
        _work = new WorkSlot($"the buzzer on {_pwm.Name}", _pwm.Rest);
    }

    /// <summary>Whether it sounds now.</summary>
    public bool IsSounding => _pwm.Value > 0;

    /// <summary>Sounds from now on. A write.</summary>
    /// <param name="hertz">1 to 20,000. Of a note: <c>buzzer.Sound(Tone.PitchOf("A4"))</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A pitch that it can't make.</exception>
    public void Sound(double hertz)
    {
        int frequency = ToFrequency(hertz);
        _work.Take();
        Write(frequency);
    }

    /// <summary>Is silent from now on. A write.</summary>
    public void Off()
    {
        _work.Take();
        _pwm.Value = 0;
    }

    /// <summary>Beeps in the background.</summary>
    /// <param name="hertz">The pitch, 1 to 20,000.</param>
    /// <param name="on">How long a beep is; 0.2 s unless given.</param>
    /// <param name="off">How long the silence after it is; 0.2 s unless given.</param>
    /// <param name="count">How often; without end unless given.</param>
    /// <returns>A daemon: awaited, it ends when the beeps do, by their count or by a write. Killed, the buzzer is silent.</returns>
    /// <exception cref="ArgumentException">A pitch that it can't make; a time is negative, both are zero; a count below 1.</exception>
    public Coroutine Beep(double hertz = 440, TimeSpan? on = null, TimeSpan? off = null, int? count = null)
    {
        int frequency = ToFrequency(hertz);
        BlinkPattern pattern = new(on ?? TimeSpan.FromMilliseconds(200), off ?? TimeSpan.FromMilliseconds(200), count);
        ThrowIfDisposed();
        return _work.Start("beep", work => pattern.RunAsync(work, value => Write(value > 0 ? frequency : 0)));
    }

    /// <summary>Plays a tune in RTTTL: see <see cref="Tone.ParseRtttl"/>.</summary>
    /// <inheritdoc cref="PlayAsync(IEnumerable{Tone})"/>
    /// <exception cref="FormatException">It is no tune.</exception>
    public Task PlayAsync(string rtttl) => PlayAsync(Tone.ParseRtttl(rtttl));

    /// <summary>Plays tones, one after the other; returns when the last has ended, or a write has ended the tune.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A pitch that it can't make, or a length below zero; nothing was played.</exception>
    public Task PlayAsync(IEnumerable<Tone> tune)
    {
        ArgumentNullException.ThrowIfNull(tune);
        (int Frequency, TimeSpan Length)[] tones = [.. tune.Select(Check)];
        ThrowIfDisposed();
        return _work.RunAsync("tune", work => PlayAsync(work, tones));
    }

    /// <summary>Ends what drives it, and gives the channel back, silent.</summary>
    public void Dispose()
    {
        _work.Take();
        _pwm.Dispose();
    }

    private (int Frequency, TimeSpan Length) Check(Tone tone)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tone.Length, TimeSpan.Zero, nameof(tone));
        return (tone.Hertz == 0 ? 0 : ToFrequency(tone.Hertz), tone.Length);
    }

    private int ToFrequency(double hertz) => Tone.ToFrequency(hertz, _pwm.MaximumFrequency);

    private async Task PlayAsync(OutputWork work, (int Frequency, TimeSpan Length)[] tones)
    {
        MonotonicTime due = MonotonicTime.Now;
        foreach ((int frequency, TimeSpan length) in tones)
        {
            Write(frequency);
            await work.SleepUntilAsync(due = OutputWork.Next(due, length));
        }

        Write(0);
    }

    private void Write(int frequency)
    {
        // Half of the period high sounds loudest. The pitch first: a duty cycle outlives its change.
        if (frequency > 0)
            _pwm.Frequency = frequency;
        _pwm.Value = frequency > 0 ? 0.5 : 0;
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_pwm.IsDisposed, this);
}
