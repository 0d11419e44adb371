using System.Device.I2c;

namespace Sprig.Testing.Buses;

/// <summary>An I2C bus without hardware: a test attaches chips, and the program opens devices on it as on any other
/// bus.</summary>
/// <remarks>Any thread, at the same time: transfers come one after the other, as on two wires.</remarks>
/// <example><code>
/// SimulatedI2cBus bus = new();
/// bus.Attach(0x48, new RegisterDevice(registerBytes: 2) { [0] = 0x1900 });
/// using Lm75 sensor = new(bus.CreateDevice(0x48));
/// </code></example>
public sealed class SimulatedI2cBus : I2cBus
{
    private readonly Lock _lock = new();
    private readonly Lock _wires = new();
    private readonly Dictionary<int, SimulatedI2cDevice> _attached = [];
    private readonly Dictionary<int, SimulatedI2cPort> _open = [];
    private readonly TransferLog<I2cTransfer> _log;
    private volatile bool _disposed;

    /// <summary>A bus with nobody on it.</summary>
    /// <param name="busId">The number that its devices tell as theirs.</param>
    /// <param name="keepTransfers">How many transfers it remembers; of more, the oldest are forgotten.</param>
    public SimulatedI2cBus(int busId = 1, int keepTransfers = 10_000)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(busId);
        BusId = busId;
        _log = new TransferLog<I2cTransfer>(keepTransfers);
    }

    /// <summary>Its number.</summary>
    public int BusId { get; }

    /// <summary>The transfers so far, oldest first, the failed ones too.</summary>
    public IReadOnlyList<I2cTransfer> Transfers => _log.Snapshot();

    /// <summary>Hears of each transfer when it is over, by the thread that makes it, before that goes on; the bus is busy until
    /// then. So a test may make one last: it waits here for what it likes.</summary>
    public event Action<I2cTransfer>? Transferred;

    /// <summary>Puts a chip on the bus.</summary>
    /// <param name="address">Seven bits, 0x08 to 0x77: the others are reserved.</param>
    /// <param name="device">The chip.</param>
    /// <exception cref="ArgumentException">Another chip has this address: both would answer.</exception>
    public void Attach(int address, SimulatedI2cDevice device)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(address, 0x08);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(address, 0x77);
        ArgumentNullException.ThrowIfNull(device);
        lock (_lock)
        {
            if (!_attached.TryAdd(address, device))
            {
                string there = _attached[address].GetType().Name;
                throw new ArgumentException($"At 0x{address:X2} of the simulated bus is a {there} already; Detach it first.", nameof(address));
            }
        }
    }

    /// <summary>Takes a chip off the bus: from now on nobody answers there.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Detach(int address)
    {
        lock (_lock)
            return _attached.Remove(address);
    }

    /// <inheritdoc/>
    /// <remarks>Opening says nothing about whether somebody is there, as with the kernel's.</remarks>
    /// <exception cref="ArgumentException">The address is open already; dispose of that device, or <see cref="RemoveDevice"/>
    /// it.</exception>
    public override I2cDevice CreateDevice(int deviceAddress)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(deviceAddress, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(deviceAddress, 0x7F);
        ThrowIfDisposed();
        SimulatedI2cPort port = new(this, deviceAddress);
        lock (_lock)
        {
            if (!_open.TryAdd(deviceAddress, port))
                throw new ArgumentException($"The device at 0x{deviceAddress:X2} is open already.", nameof(deviceAddress));
        }

        return port;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">It is not open.</exception>
    public override void RemoveDevice(int deviceAddress)
    {
        lock (_lock)
        {
            if (!_open.Remove(deviceAddress))
                throw new ArgumentException($"The device at 0x{deviceAddress:X2} is not open.", nameof(deviceAddress));
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        lock (_lock)
            _open.Clear();
        base.Dispose(disposing);
    }

    internal void Close(int address, SimulatedI2cPort port)
    {
        lock (_lock)
        {
            // Another may have opened the address since this one was removed.
            if (_open.GetValueOrDefault(address) == port)
                _open.Remove(address);
        }
    }

    internal void Transfer(int address, bool writes, ReadOnlySpan<byte> written, Span<byte> read)
    {
        lock (_wires)
        {
            ThrowIfDisposed();
            string? error = null;
            try
            {
                SimulatedI2cDevice? device;
                lock (_lock)
                    _attached.TryGetValue(address, out device);
                if (device is null)
                    throw SimulatedI2cDevice.Nobody(address);
                device.Transfer(address, writes, written, read);
            }
            catch (Exception failure)
            {
                error = failure.Message;
                throw;
            }
            finally
            {
                I2cTransfer transfer = new(address, written.ToArray(), error is null ? read.ToArray() : [], error);
                _log.Add(transfer);
                Transferred?.Invoke(transfer);
            }
        }
    }

    private void ThrowIfDisposed()
    {
        if (_disposed)
            throw new ObjectDisposedException($"the simulated I2C bus {BusId}");
    }
}
