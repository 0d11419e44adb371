using Sprig.IO;

namespace Sprig.Devices;

/// <summary>Three LEDs, red, amber and green; each may blink by itself.</summary>
/// <remarks>Loop thread only.</remarks>
public sealed class TrafficLights : IDisposable
{
    /// <summary>Of three LEDs that are its own from now on.</summary>
    /// <exception cref="ArgumentException">One is null, or named twice; none is taken.</exception>
    public TrafficLights(Led red, Led amber, Led green)
    {
        ArgumentNullException.ThrowIfNull(red);
        ArgumentNullException.ThrowIfNull(amber);
        ArgumentNullException.ThrowIfNull(green);
        if (red == amber || amber == green || green == red)
            throw new ArgumentException("An LED is named twice; traffic lights have three.");
        (Red, Amber, Green) = (red, amber, green);
    }

    /// <summary>On three lines of a chip, dark.</summary>
    /// <inheritdoc cref="GpioChip.OpenOutput" path="/exception"/>
    public TrafficLights(GpioChip chip, int red, int amber, int green)
    {
        LineActuator[] lines = LineActuator.OpenAll(chip, activeLow: false, red, amber, green);
        (Red, Amber, Green) = (new Led(lines[0]), new Led(lines[1]), new Led(lines[2]));
    }

    /// <summary>Stop.</summary>
    public Led Red { get; }

    /// <summary>Soon.</summary>
    public Led Amber { get; }

    /// <summary>Go.</summary>
    public Led Green { get; }

    /// <summary>Lights these, and no others; what drove them before has ended.</summary>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    public void Show(bool red = false, bool amber = false, bool green = false)
        => (Red.IsLit, Amber.IsLit, Green.IsLit) = (red, amber, green);

    /// <summary>Lights none.</summary>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    public void Off() => Show();

    /// <summary>Ends what drives them, and gives the lines back in their safe state.</summary>
    public void Dispose() => Actuator.DisposeAll([Red, Amber, Green]);
}
