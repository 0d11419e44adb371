namespace Sprig.IO.Ports;

/// <summary>Of <see cref="SerialPort.PinChanged"/>.</summary>
public sealed class SerialPinChangedEventArgs : EventArgs
{
    internal SerialPinChangedEventArgs(SerialPinChange eventType) => EventType = eventType;

    /// <summary>Which line, or a break.</summary>
    public SerialPinChange EventType { get; }
}
