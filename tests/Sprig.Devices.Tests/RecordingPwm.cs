using System.Device.Pwm;
using System.Globalization;
using Sprig.Scheduling;

namespace Sprig.Devices.Tests;

/// <summary>A PWM channel that keeps what it was told, each with its virtual time.</summary>
internal sealed class RecordingPwm : PwmChannel
{
    private readonly MonotonicTime _start = MonotonicTime.Now;
    private int _frequency = 400;
    private double _duty;

    /// <summary>"1.5 duty 0.25", "1.5 440 Hz", "start", "stop", "dispose".</summary>
    internal List<string> Log { get; } = [];

    internal bool IsDisposed { get; private set; }

    internal bool IsRunning { get; private set; }

    /// <summary>Thrown by all that drives it.</summary>
    internal Exception? Failure { get; set; }

    public override int Frequency
    {
        get => _frequency;
        set
        {
            Check();
            _frequency = value;
            Add(string.Create(CultureInfo.InvariantCulture, $"{value} Hz"));
        }
    }

    public override double DutyCycle
    {
        get => _duty;
        set
        {
            Check();
            if (value is not (>= 0 and <= 1))
                throw new ArgumentOutOfRangeException(nameof(value), value, "Not a duty cycle.");
            _duty = value;
            Add(string.Create(CultureInfo.InvariantCulture, $"duty {Math.Round(value, 6)}"));
        }
    }

    public override void Start()
    {
        Check();
        IsRunning = true;
        Add("start");
    }

    public override void Stop()
    {
        Check();
        IsRunning = false;
        Add("stop");
    }

    /// <summary>What it was told since the last time, one "second what" for each.</summary>
    internal string[] Take()
    {
        string[] log = [.. Log];
        Log.Clear();
        return log;
    }

    public override string ToString() => "PWM 0";

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }

    private void Check()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (Failure is not null)
            throw Failure;
    }

    private void Add(string what)
        => Log.Add(string.Create(CultureInfo.InvariantCulture, $"{(MonotonicTime.Now - _start).TotalSeconds} {what}"));
}
