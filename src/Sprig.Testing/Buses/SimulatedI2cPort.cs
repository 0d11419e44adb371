using System.Device.I2c;

namespace Sprig.Testing.Buses;

/// <summary>The program's end of a <see cref="SimulatedI2cBus"/>, for one address.</summary>
internal sealed class SimulatedI2cPort(SimulatedI2cBus bus, int address) : I2cDevice
{
    private volatile bool _disposed;

    public override I2cConnectionSettings ConnectionSettings { get; } = new(bus.BusId, address);

    public override void Read(Span<byte> buffer)
    {
        ThrowIfEmpty(buffer);
        ThrowIfDisposed();
        bus.Transfer(address, writes: false, [], buffer);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ThrowIfDisposed();
        bus.Transfer(address, writes: true, buffer, []);
    }

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        ThrowIfEmpty(readBuffer);
        ThrowIfDisposed();
        bus.Transfer(address, writes: true, writeBuffer, readBuffer);
    }

    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        bus.Close(address, this);
        base.Dispose(disposing);
    }

    private static void ThrowIfEmpty(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            throw new ArgumentException("A read of no bytes is none: the kernel refuses it too.", nameof(buffer));
    }

    private void ThrowIfDisposed()
    {
        if (_disposed)
            throw new ObjectDisposedException($"the device at 0x{address:X2} of the simulated I2C bus {bus.BusId}");
    }
}
