namespace Sprig.Devices.Buses;

/// <summary>One use of a device of System.Device.Gpio. Static: what it needs it is given.</summary>
/// <param name="device">Whom.</param>
/// <param name="write">What to send; empty where nothing is sent.</param>
/// <param name="read">Where to put what comes; empty where nothing does.</param>
internal delegate void Transfer<in TDevice>(TDevice device, ReadOnlySpan<byte> write, Span<byte> read);
