using System.Device.I2c;

namespace Sprig.Devices.Tests.Buses;

/// <summary>A bus of devices that remember the last byte written and answer with it, counting up. It says what happened, and whether two
/// used it at once, or one after its end.</summary>
internal sealed class FakeI2cBus : I2cBus
{
    private readonly Lock _gate = new();
    private readonly List<string> _log = [];
    private int _inside;
    private int _asked;

    /// <summary>Who answers; the others give the kernel's error.</summary>
    internal HashSet<int> Present { get; } = [0x40, 0x76];

    /// <summary>Called in each transfer, on its thread.</summary>
    internal Action<string> OnTransfer { get; set; } = _ => { };

    internal int ErrorNumber { get; set; } = 121;

    /// <summary>Whose end fails.</summary>
    internal int? Stuck { get; set; }

    internal bool WasUsedByTwo { get; private set; }

    internal bool WasClosedInTransfer { get; private set; }

    internal ManualResetEventSlim Closed { get; } = new();

    internal List<int> OpenAddresses { get; } = [];

    internal string[] Log
    {
        get
        {
            lock (_gate)
                return [.. _log];
        }
    }

    public override I2cDevice CreateDevice(int deviceAddress)
    {
        lock (_gate)
        {
            if (OpenAddresses.Contains(deviceAddress))
                throw new ArgumentException("already open");
            OpenAddresses.Add(deviceAddress);
        }

        return new Device(this, deviceAddress);
    }

    public override void RemoveDevice(int deviceAddress)
    {
        lock (_gate)
        {
            WasClosedInTransfer |= _inside > 0 && _asked == deviceAddress;
            OpenAddresses.Remove(deviceAddress);
        }
    }

    protected override void Dispose(bool disposing)
    {
        WasClosedInTransfer |= Volatile.Read(ref _inside) > 0;
        Closed.Set();
        base.Dispose(disposing);
    }

    private void Transfer(int address, string what)
    {
        lock (_gate)
        {
            _asked = address;
            WasUsedByTwo |= ++_inside > 1;
            _log.Add(what);
        }

        try
        {
            OnTransfer(what);
            if (Closed.IsSet)
                throw new InvalidOperationException("used after its end");
            if (!Present.Contains(address))
                throw new IOException($"Error {ErrorNumber} performing I2C data transfer.");
        }
        finally
        {
            lock (_gate)
                _inside--;
        }
    }

    private sealed class Device(FakeI2cBus bus, int address) : I2cDevice
    {
        private byte _last;

        public override I2cConnectionSettings ConnectionSettings => new(7, address);

        public override byte ReadByte()
        {
            bus.Transfer(address, $"{address:X2} read");
            return _last++;
        }

        public override void Read(Span<byte> buffer)
        {
            bus.Transfer(address, $"{address:X2} read {buffer.Length}");
            foreach (ref byte one in buffer)
                one = _last++;
        }

        public override void WriteByte(byte value) => Write([value]);

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            bus.Transfer(address, $"{address:X2} write {Convert.ToHexString(buffer)}");
            _last = buffer[^1];
        }

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
        {
            bus.Transfer(address, $"{address:X2} write {Convert.ToHexString(writeBuffer)} read {readBuffer.Length}");
            _last = writeBuffer[^1];
            foreach (ref byte one in readBuffer)
                one = _last++;
        }

        protected override void Dispose(bool disposing)
        {
            bus.RemoveDevice(address);
            if (bus.Stuck == address)
                throw new IOException("unplugged");
            base.Dispose(disposing);
        }
    }
}
