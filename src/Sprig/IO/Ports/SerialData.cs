namespace Sprig.IO.Ports;

/// <summary>What <see cref="SerialPort.DataReceived"/> tells of.</summary>
public enum SerialData
{
    /// <summary>Bytes have come.</summary>
    Chars = 1,

    /// <summary>The end: the device is gone.</summary>
    Eof = 2,
}
