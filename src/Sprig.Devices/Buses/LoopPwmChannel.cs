using System.Device.Pwm;
using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Devices.Buses;

/// <summary>PWM in software on any output line, by the timers of the loop: no thread, no busy waiting. A PwmChannel for
/// bindings.</summary>
/// <remarks>
/// Periods begin at absolute times, so that the frequency does not drift; an edge comes as late as the loop does, see
/// <see cref="Lateness"/>. Good for the brightness of an LED and the speed of a motor; a servo jitters by that much, and wants
/// <see cref="HardwarePwmChannel"/>. A pulse shorter than that lateness comes out longer.
/// With a duty cycle of 0 or 1 there are no edges and no timers.
/// Made and disposed of on the loop; the other members are for any thread. It drives the line's safe level when it is stopped,
/// disposed of, and at the run's end.
/// </remarks>
public sealed partial class LoopPwmChannel : PwmChannel
{
    /// <summary>The highest frequency, in hertz: with more, the lateness of timers is a great part of the period.</summary>
    public const int MaxFrequency = 1000;

    private readonly GpioOutput _output;
    private readonly CoroutineScheduler _home = CoroutineScheduler.Current;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly WaitQueue _changes;
    private int _frequency;
    private double _dutyCycle;
    private bool _isDisposed;

    /// <summary>A channel that is stopped, its line at the safe level.</summary>
    /// <param name="output">Driven and disposed of by this from now on.</param>
    /// <param name="frequency">In hertz, 1 to <see cref="MaxFrequency"/>.</param>
    /// <param name="dutyCycle">The part of the period for which the line is high, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The frequency or the duty cycle is out of range; the output is still the
    /// caller's.</exception>
    /// <exception cref="InvalidOperationException">No scheduler runs on this thread.</exception>
    public LoopPwmChannel(GpioOutput output, int frequency = 400, double dutyCycle = 0.5)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
        _frequency = Checked(frequency);
        _dutyCycle = Checked(dutyCycle);
        _changes = new WaitQueue($"a change of {this}");
        _wake = Wake;
        output.Level = RestingLevel;
    }

    /// <summary>In hertz, 1 to <see cref="MaxFrequency"/>. A change takes effect when the present period has ended.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public override int Frequency
    {
        get => Volatile.Read(ref _frequency);
        set
        {
            ThrowIfDisposed();
            Volatile.Write(ref _frequency, Checked(value));
            OnLoop(_wake);
        }
    }

    /// <summary>0 to 1. A change takes effect when the present period has ended, without a glitch; from 0 or 1 at once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public override double DutyCycle
    {
        get => Volatile.Read(ref _dutyCycle);
        set
        {
            ThrowIfDisposed();
            Volatile.Write(ref _dutyCycle, Checked(value));
            OnLoop(_wake);
        }
    }

    /// <summary>Begins with the first period; again without effect.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    public override void Start()
    {
        ThrowIfDisposed();
        OnLoop(Begin);
    }

    /// <summary>Drives the safe level at once, in the middle of a period too.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    public override void Stop()
    {
        ThrowIfDisposed();
        OnLoop(End);
    }

    /// <summary>"PWM on line 18".</summary>
    public override string ToString() => $"PWM on line {_output.Line}";

    /// <summary>Stops, drives the safe level and gives the line back.</summary>
    protected override void Dispose(bool disposing)
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            try
            {
                Cease();
                // The output drives its safe level itself; where it has none, the pulse is to end all the same.
                if (!_output.IsDisposed)
                    _output.Level = RestingLevel;
            }
            catch (IOException)
            {
                // The chip is gone, and the pulse with it.
            }
            finally
            {
                _output.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    /// <summary>Between two pulses, and when it is stopped: what is safe, and low where the output has no safe level.</summary>
    private bool RestingLevel => _output.SafeLevel ?? false;

    private static int Checked(int frequency) => frequency is >= 1 and <= MaxFrequency
        ? frequency
        : throw new ArgumentOutOfRangeException(
            nameof(frequency), frequency, $"PWM in software has 1 to {MaxFrequency} Hz; more has the hardware: HardwarePwmChannel.");

    private static double Checked(double dutyCycle) => dutyCycle is >= 0 and <= 1
        ? dutyCycle
        : throw new ArgumentOutOfRangeException(nameof(dutyCycle), dutyCycle, "A duty cycle is 0 to 1.");

    private void ThrowIfDisposed()
    {
        if (_isDisposed)
            throw new ObjectDisposedException(ToString());
    }

    private void OnLoop(Action act)
    {
        if (Environment.CurrentManagedThreadId == _thread)
            act();
        else
            _home.Post(act);
    }
}
