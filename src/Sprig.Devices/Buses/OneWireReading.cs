using UnitsNet;

namespace Sprig.Devices.Buses;

/// <summary>What a <see cref="OneWireThermometer"/> has measured.</summary>
/// <param name="Temperature">The temperature.</param>
/// <param name="MayBePowerOnValue">It is 85 degrees to the last bit, again and again: what these chips say when they lost power
/// and have measured nothing. Rarely it is 85 degrees.</param>
public readonly record struct OneWireReading(Temperature Temperature, bool MayBePowerOnValue);
