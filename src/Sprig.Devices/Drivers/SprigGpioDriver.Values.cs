using System.Device.Gpio;
using Sprig.IO;

namespace Sprig.Devices.Drivers;

/// <content>Modes and levels.</content>
public sealed partial class SprigGpioDriver
{
    /// <summary>Sets the mode, in place. What is an output already keeps its level; what becomes one begins low, or as
    /// <see cref="SprigGpioDriverOptions.Configure"/> says.</summary>
    /// <param name="pinNumber">The line's offset in the chip.</param>
    /// <param name="mode">Which way, and what holds an input.</param>
    /// <exception cref="IOException">The chip refuses, or is gone; all is as before.</exception>
    protected override void SetPinMode(int pinNumber, PinMode mode) => SetMode(pinNumber, mode, null);

    /// <summary>Sets the mode, in place, and the first level of an output: it is there at once, without a glitch in between.</summary>
    /// <inheritdoc cref="SetPinMode(int, PinMode)"/>
    protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue) => SetMode(pinNumber, mode, initialValue == PinValue.High);

    /// <summary>As it was set, or found when the pin was opened: the kernel is not asked.</summary>
    /// <param name="pinNumber">The line's offset in the chip.</param>
    protected override PinMode GetPinMode(int pinNumber) => PinOrThrow(pinNumber).Mode;

    /// <summary>Whether the chip has the pin and the mode is one of the four. Whether a chip has the resistors shows when it is asked for
    /// them.</summary>
    /// <param name="pinNumber">The line's offset in the chip.</param>
    /// <param name="mode">The mode.</param>
    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) => (uint)pinNumber < _pins.Length && Enum.IsDefined(mode);

    /// <summary>The level, an output's too.</summary>
    /// <param name="pinNumber">The line's offset in the chip.</param>
    protected override PinValue Read(int pinNumber)
    {
        DriverPin pin = PinOrThrow(pinNumber);
        return pin.Request.Group.ReadMask(pin.Bit) != 0;
    }

    /// <summary>The levels: those that are taken together, and stand together here, in one call of the kernel.</summary>
    /// <param name="pinValuePairs">The pins; gets their levels.</param>
    protected override void Read(Span<PinValuePair> pinValuePairs)
    {
        int from = 0;
        while (from < pinValuePairs.Length)
        {
            PinRequest request = PinOrThrow(pinValuePairs[from].PinNumber).Request;
            int to = from;
            ulong mask = 0;
            while (to < pinValuePairs.Length && PinOrThrow(pinValuePairs[to].PinNumber) is { } pin && pin.Request == request)
            {
                mask |= pin.Bit;
                to++;
            }

            ulong levels = request.Group.ReadMask(mask);
            for (; from < to; from++)
            {
                int number = pinValuePairs[from].PinNumber;
                pinValuePairs[from] = new PinValuePair(number, (levels & PinOrThrow(number).Bit) != 0);
            }
        }
    }

    /// <summary>Drives a level.</summary>
    /// <param name="pinNumber">The line's offset in the chip.</param>
    /// <param name="value">The level.</param>
    /// <exception cref="InvalidOperationException">The pin is no output; a controller drops such a write.</exception>
    protected override void Write(int pinNumber, PinValue value)
    {
        DriverPin pin = OutputOrThrow(pinNumber);
        pin.Request.Group.WriteMask(pin.Bit, value == PinValue.High ? pin.Bit : 0);
    }

    /// <summary>Drives levels: those that are taken together, and stand together here, in one call of the kernel and at one time.</summary>
    /// <param name="pinValuePairs">Pins and levels. When one of them is no open output, none is driven.</param>
    /// <exception cref="InvalidOperationException">A pin is no output.</exception>
    protected override void Write(ReadOnlySpan<PinValuePair> pinValuePairs)
    {
        foreach (PinValuePair pair in pinValuePairs)
            OutputOrThrow(pair.PinNumber);
        PinRequest? request = null;
        ulong mask = 0, levels = 0;
        foreach (PinValuePair pair in pinValuePairs)
        {
            DriverPin pin = OutputOrThrow(pair.PinNumber);
            // A pin that stands here twice gets both levels, one after the other.
            if (request is not null && (pin.Request != request || (mask & pin.Bit) != 0))
            {
                request.Group.WriteMask(mask, levels);
                mask = levels = 0;
            }

            request = pin.Request;
            mask |= pin.Bit;
            levels |= pair.PinValue == PinValue.High ? pin.Bit : 0;
        }

        request?.Group.WriteMask(mask, levels);
    }

    /// <summary>Drives the other level than it was last told to.</summary>
    /// <param name="pinNumber">The line's offset in the chip.</param>
    /// <exception cref="InvalidOperationException">The pin is no output.</exception>
    protected override void Toggle(int pinNumber) => OutputOrThrow(pinNumber).Request.Group.Toggle(pinNumber);

    private void SetMode(int pinNumber, PinMode mode, bool? level)
    {
        if (!Enum.IsDefined(mode))
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "Input, InputPullUp, InputPullDown or Output.");
        lock (_gate)
        {
            DriverPin pin = PinOrThrow(pinNumber);
            bool drives = pin.Mode == PinMode.Output;
            if (mode == PinMode.Output)
            {
                // An output that another left, and nobody has set here: it keeps its level too.
                bool? first = level ?? (drives && pin.IsAsFound ? pin.Request.Group.Read(pinNumber) : null);
                pin.Request.Set(pin, SettingsFor(pin, mode, first));
                if (level is { } given && drives && !pin.IsAsFound)
                    pin.Request.Group.Write(pinNumber, given);
                pin.FailWaits(static _ => true, new InvalidOperationException($"{pin} became an output; only an input has edges."));
            }
            else
            {
                pin.Request.Set(pin, SettingsFor(pin, mode, null));
            }

            pin.Mode = mode;
            pin.IsAsFound = false;
            if (pin.Request.HasEdges(pin))
                _loop.Serve(pin.Request);
        }
    }

    private GpioLineSettings SettingsFor(DriverPin pin, PinMode mode, bool? level)
    {
        GpioLineSettings plain = new()
        {
            Direction = mode == PinMode.Output ? GpioDirection.Output : GpioDirection.Input,
            Bias = mode switch
            {
                PinMode.InputPullUp => GpioBias.PullUp,
                PinMode.InputPullDown => GpioBias.PullDown,
                _ => GpioBias.AsIs,
            },
        };
        GpioLineSettings settings = _options.Configure?.Invoke(pin.Number, plain) ?? plain;
        if (settings.Direction != plain.Direction)
            throw new InvalidOperationException($"Configure made {pin} {settings.Direction}, but its mode is {mode}: the Direction must stay.");
        // Asked for when somebody wants them, and then both: to change them makes the pin blind for a moment.
        GpioEdges edges = mode != PinMode.Output && pin.NeedsEdges ? GpioEdges.Both : GpioEdges.None;
        return settings with { Edges = edges, InitialLevel = level ?? settings.InitialLevel };
    }

    private DriverPin OutputOrThrow(int pinNumber)
    {
        DriverPin pin = PinOrThrow(pinNumber);
        if (pin.Mode != PinMode.Output)
            throw new InvalidOperationException($"{pin} is in the mode {pin.Mode}; only an output is driven. Set its mode to Output first.");
        // What drives it from now on is this program, which leaves it safe.
        if (pin.IsAsFound)
            SetMode(pinNumber, PinMode.Output, null);
        return pin;
    }
}
