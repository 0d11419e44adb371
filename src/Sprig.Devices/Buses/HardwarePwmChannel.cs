using System.Device.Pwm;
using System.Globalization;
using Sprig.Scheduling;
using Sprig.Supervision;

namespace Sprig.Devices.Buses;

/// <summary>PWM by a channel of the hardware, through /sys/class/pwm: exact to the clock of the chip. It is stopped when it is
/// disposed of and at the run's end; without that the hardware would go on by itself.</summary>
/// <remarks>Made and disposed of on the loop; the other members are for any thread. They write short files of sysfs, which takes
/// microseconds, so they need no lane.</remarks>
public sealed class HardwarePwmChannel : PwmChannel
{
    private const string Root = "/sys/class/pwm";
    private static readonly TimeSpan s_openingTakes = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private readonly PwmChannel _channel;
    private readonly string _name;
    private readonly Coroutine _keeper;
    private bool _isDisposed;

    /// <summary>Takes over a channel of System.Device.Gpio, or a simulated one.</summary>
    /// <param name="channel">Used and disposed of by this from now on.</param>
    /// <param name="name">For errors.</param>
    /// <exception cref="InvalidOperationException">No scheduler runs on this thread.</exception>
    public HardwarePwmChannel(PwmChannel channel, string name = "PWM channel")
    {
        ArgumentNullException.ThrowIfNull(channel);
        _channel = channel;
        _name = name;
        _keeper = Coroutine.Spawn(
            static async () => await Coroutine.Sleep(Timeout.InfiniteTimeSpan),
            new SpawnOptions { Name = name, Daemon = DaemonRule.UntilWorkEnds });
        // A callback, not a finally: it comes though the run ends before the keeper's first step.
        _keeper.AddDoneCallback(_ => StopAtTheEnd());
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public override int Frequency
    {
        get => _channel.Frequency;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            Use(() => _channel.Frequency = value);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 to 1.</exception>
    public override double DutyCycle
    {
        get => _channel.DutyCycle;
        set
        {
            ThrowIfNoDutyCycle(value);
            Use(() => _channel.DutyCycle = value);
        }
    }

    /// <summary>Opens a channel; the loop runs the others meanwhile. A caller that is killed waits until it is open, and it is
    /// closed again.</summary>
    /// <inheritdoc cref="Create"/>
    public static async Task<HardwarePwmChannel> OpenAsync(int chip, int channel, int frequency = 400, double dutyCycle = 0.5)
    {
        ThrowIfBad(chip, channel, frequency, dutyCycle);
        PwmChannel? opened = null;
        try
        {
            await Shield.RunAsync(
                async () => opened = await BlockingPool.Default.RunAsync(() => Open(chip, channel, frequency, dutyCycle)),
                s_openingTakes);
            return new HardwarePwmChannel(opened!, NameOf(chip, channel));
        }
        catch
        {
            opened?.Dispose();
            throw;
        }
    }

    /// <summary>Opens a channel, which blocks the loop when it is opened the first time, for up to a second: udev has to give the
    /// permission. See <see cref="OpenAsync"/>.</summary>
    /// <param name="chip">The number in /sys/class/pwm/pwmchip0.</param>
    /// <param name="channel">The chip's channel, from 0.</param>
    /// <param name="frequency">In hertz, from 1.</param>
    /// <param name="dutyCycle">The part of the period for which it is high, 0 to 1.</param>
    /// <exception cref="FileNotFoundException">There is no such chip; the message says how it is turned on.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission; the message says which group.</exception>
    /// <exception cref="ArgumentException">The chip has no such channel, or a number is out of range.</exception>
    public static new HardwarePwmChannel Create(int chip, int channel, int frequency = 400, double dutyCycle = 0.5)
    {
        ThrowIfBad(chip, channel, frequency, dutyCycle);
        // First: where there is none, nothing is to be left open.
        _ = CoroutineScheduler.Current;
        return new HardwarePwmChannel(Open(chip, channel, frequency, dutyCycle), NameOf(chip, channel));
    }

    /// <inheritdoc/>
    public override void Start() => Use(_channel.Start);

    /// <inheritdoc/>
    public override void Stop() => Use(_channel.Stop);

    /// <summary>"PWM chip 0, channel 1".</summary>
    public override string ToString() => _name;

    /// <summary>Stops it and gives it back.</summary>
    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                try
                {
                    _keeper.Kill();
                }
                finally
                {
                    Close();
                }
            }
        }

        base.Dispose(disposing);
    }

    private void Close()
    {
        try
        {
            _channel.Dispose();
        }
        catch (IOException)
        {
            // The chip is gone; there is nothing left to give back.
        }
    }

    private static PwmChannel Open(int chip, int channel, int frequency, double dutyCycle)
    {
        string path = $"{Root}/pwmchip{chip}";
        if (!Directory.Exists(path))
        {
            IEnumerable<string> others = Directory.Exists(Root) ? Directory.GetFileSystemEntries(Root) : [];
            throw new FileNotFoundException(
                $"There is no {path}; {DeviceFiles.List(others)}. To turn it on: dtoverlay=pwm-2chan in config.txt (GPIO18 and 19 of a Pi).", path);
        }

        try
        {
            return PwmChannel.Create(chip, channel, frequency, dutyCycle);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UnauthorizedAccessException(DeviceFiles.Forbidden(path, "gpio"), e);
        }
    }

    private static void ThrowIfBad(int chip, int channel, int frequency, double dutyCycle)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(chip);
        ArgumentOutOfRangeException.ThrowIfNegative(channel);
        ArgumentOutOfRangeException.ThrowIfLessThan(frequency, 1);
        ThrowIfNoDutyCycle(dutyCycle);
    }

    private static void ThrowIfNoDutyCycle(double dutyCycle)
    {
        if (dutyCycle is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(dutyCycle), dutyCycle, "A duty cycle is 0 to 1.");
    }

    private static string NameOf(int chip, int channel)
        => string.Create(CultureInfo.InvariantCulture, $"PWM chip {chip}, channel {channel}");

    private void Use(Action use)
    {
        lock (_gate)
        {
            if (_isDisposed)
                throw new ObjectDisposedException(_name);
            use();
        }
    }

    private void StopAtTheEnd()
    {
        lock (_gate)
        {
            if (!_isDisposed)
                _channel.Stop();
        }
    }
}
