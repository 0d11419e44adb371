namespace Sprig.IO.Ports;

/// <summary>Of <see cref="SerialPort.DataReceived"/>.</summary>
public sealed class SerialDataReceivedEventArgs : EventArgs
{
    internal SerialDataReceivedEventArgs(SerialData eventType) => EventType = eventType;

    /// <summary>Bytes, or the end.</summary>
    public SerialData EventType { get; }
}
