using System.Device.Spi;
using System.Globalization;

namespace Sprig.Devices.Buses;

/// <summary>A device on an SPI bus. Coroutines use the Async methods, which wait in the lane of the bus while the loop runs the
/// others; bindings of Iot.Device.Bindings use it as the SpiDevice that it is, best inside <see cref="Lane"/>.</summary>
/// <inheritdoc cref="SprigI2cDevice" path="/remarks"/>
public sealed class SprigSpiDevice : SpiDevice
{
    private readonly Port<SpiDevice> _port;

    /// <summary>Puts a lane around a device, as a simulated one.</summary>
    /// <param name="device">Used and disposed of by this from now on, whether or not it can be used from several threads.</param>
    /// <param name="lane">Where it is used; a lane of its own unless given. Devices of one bus take one lane. A lane that is
    /// given is not disposed of.</param>
    public SprigSpiDevice(SpiDevice device, Lane? lane = null)
        : this(device, lane ?? new Lane(NameOf(device)), lane is null)
    {
    }

    private SprigSpiDevice(SpiDevice device, Lane lane, bool ownsLane)
        => _port = new Port<SpiDevice>(device, NameOf(device), lane, BusError.OfSpi, () =>
        {
            try
            {
                device.Dispose();
            }
            finally
            {
                if (ownsLane)
                    lane.Dispose();
            }
        });

    /// <inheritdoc/>
    public override SpiConnectionSettings ConnectionSettings => _port.Device.ConnectionSettings;

    /// <summary>The lane of its bus, for driver code that is synchronous. It belongs to the device.</summary>
    public Lane Lane => _port.Lane;

    /// <summary>Opens a device of the kernel. The chip selects of one bus share a lane.</summary>
    /// <param name="settings">Bus, chip select, mode, clock.</param>
    /// <exception cref="FileNotFoundException">There is none; the message says how it is turned on.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission; the message says which group.</exception>
    public static new SprigSpiDevice Create(SpiConnectionSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        // The library opens the device at its first transfer: what is wrong is to be told here.
        DeviceFiles.ThrowIfClosed(
            string.Create(CultureInfo.InvariantCulture, $"/dev/spidev{settings.BusId}.{Math.Max(0, settings.ChipSelectLine)}"),
            "spi",
            "'sudo raspi-config', Interface Options, SPI; or dtparam=spi=on in config.txt");
        SpiDevice device = SpiDevice.Create(settings);
        return new SprigSpiDevice(device, Lane.Share($"/dev/spidev{settings.BusId}"), ownsLane: true);
    }

    /// <summary>Reads as many bytes as the buffer is long; zeros are sent meanwhile.</summary>
    /// <remarks>A caller that is killed, or out of time, goes on at once and its buffer is left alone. A transfer that has begun
    /// then runs to its end, unseen; one that has not never happens.</remarks>
    /// <param name="buffer">Written when the transfer has ended well, on the loop.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="IOException">The bus fails; the message names it. HResult is the kernel's errno where it told
    /// one.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed of, before or meanwhile.</exception>
    /// <exception cref="InvalidOperationException">No coroutine is running on this thread.</exception>
    public ValueTask ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => _port.RunAsync(static (device, _, read) => device.Read(read), default, buffer, cancellationToken);

    /// <summary>Writes bytes, in one transfer.</summary>
    /// <param name="buffer">Copied before this returns.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <inheritdoc cref="ReadAsync"/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        => _port.RunAsync(static (device, write, _) => device.Write(write), buffer, default, cancellationToken);

    /// <summary>Writes and reads at once, bit for bit.</summary>
    /// <param name="writeBuffer">Copied before this returns.</param>
    /// <param name="readBuffer">As long as the other one. Written when the transfer has ended well, on the loop.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="ArgumentException">They are not of one length.</exception>
    /// <inheritdoc cref="ReadAsync"/>
    public ValueTask TransferFullDuplexAsync(
        ReadOnlyMemory<byte> writeBuffer, Memory<byte> readBuffer, CancellationToken cancellationToken = default)
    {
        ThrowIfUnequal(writeBuffer.Length, readBuffer.Length);
        return _port.RunAsync(
            static (device, write, read) => device.TransferFullDuplex(write, read), writeBuffer, readBuffer, cancellationToken);
    }

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
    public override void TransferFullDuplex(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        ThrowIfUnequal(writeBuffer.Length, readBuffer.Length);
        _port.Run(static (device, write, read) => device.TransferFullDuplex(write, read), writeBuffer, readBuffer);
    }

    /// <summary>"SPI bus 0, chip select 1".</summary>
    public override string ToString() => _port.Name;

    /// <summary>Who waits for a transfer gets an <see cref="ObjectDisposedException"/>; the device is closed, and its lane ended,
    /// when the transfer that is under way has ended.</summary>
    protected override void Dispose(bool disposing)
    {
        _port.Dispose();
        base.Dispose(disposing);
    }

    private void ThrowIfUnequal(int written, int read)
    {
        if (written != read)
            throw new ArgumentException($"{this} reads a byte for each that it writes: {written} to write and {read} to read is no transfer.");
    }

    private static string NameOf(SpiDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        SpiConnectionSettings settings = device.ConnectionSettings;
        return $"SPI bus {settings.BusId}, chip select {settings.ChipSelectLine}";
    }
}
