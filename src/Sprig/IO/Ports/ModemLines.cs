using Sprig.Linux;

namespace Sprig.IO.Ports;

/// <summary>The control lines of a serial line that are up.</summary>
[Flags]
public enum ModemLines
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Data terminal ready: ours.</summary>
    Dtr = SerialUapi.LineDtr,

    /// <summary>Request to send: ours.</summary>
    Rts = SerialUapi.LineRts,

    /// <summary>Clear to send: theirs, as those that follow.</summary>
    Cts = SerialUapi.LineCts,

    /// <summary>Data carrier detect.</summary>
    CarrierDetect = SerialUapi.LineCarrier,

    /// <summary>Ring indicator.</summary>
    Ring = SerialUapi.LineRing,

    /// <summary>Data set ready.</summary>
    Dsr = SerialUapi.LineDsr,

    /// <summary>All that the other end drives.</summary>
    Inputs = SerialUapi.InputLines,
}
