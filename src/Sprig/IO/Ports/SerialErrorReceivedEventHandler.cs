namespace Sprig.IO.Ports;

/// <summary>Handles <see cref="SerialPort.ErrorReceived"/>.</summary>
/// <param name="sender">The <see cref="SerialPort"/>.</param>
/// <param name="e">Which error.</param>
public delegate void SerialErrorReceivedEventHandler(object sender, SerialErrorReceivedEventArgs e);
