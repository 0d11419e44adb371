namespace Sprig.IO.Ports;

/// <summary>What <see cref="SerialPort.ErrorReceived"/> tells of. Numbered as in System.IO.Ports.</summary>
public enum SerialError
{
    /// <summary>The kernel's buffer was full, and bytes are lost.</summary>
    RXOver = 1,

    /// <summary>The hardware's buffer was full, and bytes are lost.</summary>
    Overrun = 2,

    /// <summary>A byte had the wrong parity.</summary>
    RXParity = 4,

    /// <summary>A byte had no stop bit where one belongs: noise, or another baud rate.</summary>
    Frame = 8,

    /// <summary>Never told: a full output buffer makes the writer wait.</summary>
    TXFull = 256,
}
