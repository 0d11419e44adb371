namespace Sprig.IO.Ports;

/// <summary>Handles <see cref="SerialPort.DataReceived"/>.</summary>
/// <param name="sender">The <see cref="SerialPort"/>.</param>
/// <param name="e">Bytes, or the end.</param>
public delegate void SerialDataReceivedEventHandler(object sender, SerialDataReceivedEventArgs e);
