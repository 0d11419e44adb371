namespace Sprig.IO.Ports;

/// <summary>Handles <see cref="SerialPort.PinChanged"/>.</summary>
/// <param name="sender">The <see cref="SerialPort"/>.</param>
/// <param name="e">Which line, or a break.</param>
public delegate void SerialPinChangedEventHandler(object sender, SerialPinChangedEventArgs e);
