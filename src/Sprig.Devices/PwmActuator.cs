using System.Device.Pwm;
using Sprig.Devices.Buses;
using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Devices;

/// <summary>A PWM channel by its duty cycle. At rest it is off: duty cycle 0, then stopped.</summary>
internal sealed class PwmActuator : Actuator
{
    private readonly PwmChannel _channel;
    private bool _disposed;

    /// <summary>Takes the channel and starts it, dark.</summary>
    internal PwmActuator(PwmChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        _channel = channel;
        channel.DutyCycle = 0;
        channel.Start();
    }

    internal override string Name => _channel.ToString() ?? "a PWM channel";

    internal override bool IsDigital => false;

    internal override double SafeValue => 0;

    internal override double Value
    {
        get => _channel.DutyCycle;
        set
        {
            ObjectDisposedException.ThrowIf(_disposed, _channel);
            _channel.DutyCycle = value;
        }
    }

    internal override bool IsDisposed => _disposed;

    /// <summary>The highest that can be set, in hertz; what hardware makes of one is its own affair.</summary>
    internal int MaximumFrequency => _channel is LoopPwmChannel ? LoopPwmChannel.MaxFrequency : int.MaxValue;

    /// <summary>In hertz.</summary>
    internal int Frequency
    {
        get => _channel.Frequency;
        set
        {
            ObjectDisposedException.ThrowIf(_disposed, _channel);
            _channel.Frequency = value;
        }
    }

    public override void Dispose()
    {
        if (_disposed)
            return;
        Rest();
        _disposed = true;
        try
        {
            _channel.Stop();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The chip is gone, or the channel was closed by somebody else; there is nothing left to stop.
        }
        finally
        {
            _channel.Dispose();
        }
    }

    /// <summary>Software PWM on a line of a chip.</summary>
    internal static PwmActuator Open(GpioChip chip, int line, int frequency, bool activeLow = false)
    {
        ArgumentNullException.ThrowIfNull(chip);
        // Throws where none runs, before the line is taken.
        _ = CoroutineScheduler.Current;
        GpioOutput output = chip.OpenOutput(line, new GpioOutputOptions { ActiveLow = activeLow });
        try
        {
            return new PwmActuator(new LoopPwmChannel(output, frequency));
        }
        catch
        {
            output.Dispose();
            throw;
        }
    }

    /// <summary>Takes all of these channels, or throws and has taken none: they are still the caller's, and dark.</summary>
    internal static PwmActuator[] TakeAll(params ReadOnlySpan<PwmChannel> channels)
    {
        for (int i = 0; i < channels.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(channels[i], nameof(channels));
            if (channels[..i].Contains(channels[i]))
                throw new ArgumentException("A PWM channel is named twice; each place needs a channel of its own.", nameof(channels));
        }

        PwmActuator[] taken = new PwmActuator[channels.Length];
        for (int i = 0; i < channels.Length; i++)
            taken[i] = new PwmActuator(channels[i]);
        return taken;
    }
}
