namespace Sprig.IO.Ports;

/// <summary>What <see cref="SerialPort.PinChanged"/> tells of. Numbered as in System.IO.Ports.</summary>
public enum SerialPinChange
{
    /// <summary>CTS has changed.</summary>
    CtsChanged = 8,

    /// <summary>DSR has changed.</summary>
    DsrChanged = 16,

    /// <summary>The carrier (DCD) has come or gone.</summary>
    CDChanged = 32,

    /// <summary>A break was received.</summary>
    Break = 64,

    /// <summary>It rings, or has ceased to.</summary>
    Ring = 256,
}
