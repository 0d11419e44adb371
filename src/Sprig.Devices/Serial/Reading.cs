using Sprig.Scheduling;

namespace Sprig.Devices.Serial;

/// <summary>What a <see cref="PolledSensor{T}"/> answered.</summary>
/// <param name="Sensor">Its name.</param>
/// <param name="Value">What it said.</param>
/// <param name="Time">When the answer was there.</param>
/// <param name="ResponseTime">How long after the request that was.</param>
/// <param name="IsStale">That this is no answer, but the last one told again, once: it has become older than the sensor's limit.</param>
public readonly record struct Reading<T>(string Sensor, T Value, MonotonicTime Time, TimeSpan ResponseTime, bool IsStale = false);
