namespace Sprig.IO.Ports;

/// <summary>Of <see cref="SerialPort.ErrorReceived"/>.</summary>
public sealed class SerialErrorReceivedEventArgs : EventArgs
{
    internal SerialErrorReceivedEventArgs(SerialError eventType) => EventType = eventType;

    /// <summary>Which error.</summary>
    public SerialError EventType { get; }
}
