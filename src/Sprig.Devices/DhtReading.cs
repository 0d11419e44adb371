using Sprig.Scheduling;

namespace Sprig.Devices;

/// <summary>What a <see cref="Dht22"/> said.</summary>
/// <param name="Timestamp">When it had said it.</param>
/// <param name="Celsius">The temperature, in degrees Celsius.</param>
/// <param name="Humidity">The relative humidity, in percent.</param>
public readonly record struct DhtReading(MonotonicTime Timestamp, double Celsius, double Humidity);
