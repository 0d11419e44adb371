using System.Device;
using System.Device.I2c;

namespace Sprig.Devices.Buses;

/// <summary>A device on an I2C bus. Coroutines use the Async methods, which wait in the lane of the bus while the loop runs the
/// others; bindings of Iot.Device.Bindings use it as the I2cDevice that it is, best inside <see cref="Lane"/>.</summary>
/// <remarks>Any thread. The synchronous methods take their turn in the lane too, and block the calling thread for that: in a
/// coroutine they block the loop. In code that runs in the lane they transfer at once.</remarks>
public sealed class SprigI2cDevice : I2cDevice
{
    private readonly Port<I2cDevice> _port;
    private readonly SprigI2cBus? _ownBus;

    internal SprigI2cDevice(Port<I2cDevice> port) => _port = port;

    private SprigI2cDevice(Port<I2cDevice> port, SprigI2cBus ownBus)
        : this(port) => _ownBus = ownBus;

    /// <inheritdoc/>
    public override I2cConnectionSettings ConnectionSettings => _port.Device.ConnectionSettings;

    /// <summary>The lane of its bus, for driver code that is synchronous. It belongs to the bus.</summary>
    public Lane Lane => _port.Lane;

    /// <summary>Opens a device and its bus; Dispose closes both.</summary>
    /// <param name="settings">Bus and address.</param>
    /// <inheritdoc cref="SprigI2cBus.Create"/>
    /// <inheritdoc cref="SprigI2cBus.CreateDevice"/>
    public static new SprigI2cDevice Create(I2cConnectionSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        SprigI2cBus bus = SprigI2cBus.Create(settings.BusId);
        try
        {
            return new SprigI2cDevice(bus.CreateDevice(settings.DeviceAddress)._port, bus);
        }
        catch
        {
            bus.Dispose();
            throw;
        }
    }

    /// <summary>Reads as many bytes as the buffer is long.</summary>
    /// <remarks>A caller that is killed, or out of time, goes on at once and its buffer is left alone. A transfer that has begun
    /// then runs to its end, unseen; one that has not never happens.</remarks>
    /// <param name="buffer">Written when the transfer has ended well, on the loop.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="IOException">Nobody answers at the address, or the bus fails; the message names both. HResult is the
    /// kernel's errno where it told one.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed of, before or meanwhile.</exception>
    /// <exception cref="InvalidOperationException">No coroutine is running on this thread.</exception>
    public ValueTask ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => _port.RunAsync(static (device, _, read) => device.Read(read), default, buffer, cancellationToken);

    /// <summary>Reads one byte.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async ValueTask<byte> ReadByteAsync(CancellationToken cancellationToken = default)
    {
        byte[] one = new byte[1];
        await _port.RunAsync(static (device, _, read) => read[0] = device.ReadByte(), default, one, cancellationToken);
        return one[0];
    }

    /// <summary>Writes bytes, in one transfer.</summary>
    /// <param name="buffer">Copied before this returns.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <inheritdoc cref="ReadAsync"/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        => _port.RunAsync(static (device, write, _) => device.Write(write), buffer, default, cancellationToken);

    /// <summary>Writes one byte.</summary>
    /// <param name="value">The byte.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <inheritdoc cref="ReadAsync"/>
    public ValueTask WriteByteAsync(byte value, CancellationToken cancellationToken = default)
        => _port.RunAsync(static (device, write, _) => device.WriteByte(write[0]), new[] { value }, default, cancellationToken);

    /// <summary>Writes, then reads with a repeated start: how registers are read. Nobody else's transfer comes between.</summary>
    /// <param name="writeBuffer">Copied before this returns.</param>
    /// <param name="readBuffer">Written when the transfer has ended well, on the loop.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <inheritdoc cref="ReadAsync"/>
    public ValueTask WriteReadAsync(
        ReadOnlyMemory<byte> writeBuffer, Memory<byte> readBuffer, CancellationToken cancellationToken = default)
        => _port.RunAsync(static (device, write, read) => device.WriteRead(write, read), writeBuffer, readBuffer, cancellationToken);

    /// <inheritdoc/>
    public override byte ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        _port.Run(static (device, _, read) => read[0] = device.ReadByte(), default, one);
        return one[0];
    }

    /// <inheritdoc/>
    public override void Read(Span<byte> buffer) => _port.Run(static (device, _, read) => device.Read(read), default, buffer);

    /// <inheritdoc/>
    public override void WriteByte(byte value) => _port.Run(static (device, write, _) => device.WriteByte(write[0]), [value], default);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer) => _port.Run(static (device, write, _) => device.Write(write), buffer, default);

    /// <inheritdoc/>
    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
        => _port.Run(static (device, write, read) => device.WriteRead(write, read), writeBuffer, readBuffer);

    /// <inheritdoc/>
    public override ComponentInformation QueryComponentInformation()
    {
        ComponentInformation self = new(this, _port.Name);
        self.AddSubComponent(_port.Device.QueryComponentInformation());
        return self;
    }

    /// <summary>"I2C bus 1, address 0x76".</summary>
    public override string ToString() => _port.Name;

    /// <summary>Who waits for a transfer gets an <see cref="ObjectDisposedException"/>; the device is closed when the transfer
    /// that is under way has ended.</summary>
    protected override void Dispose(bool disposing)
    {
        try
        {
            _port.Dispose();
        }
        finally
        {
            _ownBus?.Dispose();
        }

        base.Dispose(disposing);
    }
}
