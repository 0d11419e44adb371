namespace Sprig.IO.Ports;

/// <summary>What the driver has counted since the port was opened.</summary>
/// <param name="Overruns">The hardware's buffer was full: bytes are lost.</param>
/// <param name="BufferOverruns">The kernel's buffer was full: bytes are lost.</param>
/// <param name="FramingErrors">Bytes without their stop bit: noise, or another baud rate.</param>
/// <param name="ParityErrors">Bytes of the wrong parity.</param>
/// <param name="Breaks">Breaks received.</param>
/// <param name="BytesReceived">Bytes that came.</param>
/// <param name="BytesSent">Bytes that went.</param>
public readonly record struct SerialErrorCounts(
    long Overruns, long BufferOverruns, long FramingErrors, long ParityErrors, long Breaks, long BytesReceived, long BytesSent);
