using Sprig.Scheduling;

namespace Sprig.Devices.Serial;

/// <summary>Something that a <see cref="SerialPoller"/> tells, once when it begins and once when it is over.</summary>
/// <param name="Kind">What.</param>
/// <param name="Sensor">Which sensor; null: the line.</param>
/// <param name="Error">What failed, where something did.</param>
/// <param name="Time">When.</param>
public readonly record struct PollerNotice(PollerNoticeKind Kind, string? Sensor, Exception? Error, MonotonicTime Time)
{
    /// <summary>"outside does not answer: ...", for a log.</summary>
    public override string ToString() => Kind switch
    {
        PollerNoticeKind.SensorFails => $"{Sensor} fails: {Error?.Message}",
        PollerNoticeKind.SensorAnswers => $"{Sensor} answers again.",
        PollerNoticeKind.LineFails => $"The line fails: {Error?.Message}",
        _ => "The line is back.",
    };
}
