namespace Sprig.Devices.Serial;

/// <summary>What a <see cref="PollerNotice"/> says.</summary>
public enum PollerNoticeKind
{
    /// <summary>A sensor has not answered well, also to the retries; from now on it is asked less often.</summary>
    SensorFails,

    /// <summary>It does again, and is asked at its period.</summary>
    SensorAnswers,

    /// <summary>The line failed: it was unplugged.</summary>
    LineFails,

    /// <summary>Something came over the line again.</summary>
    LineBack,
}
