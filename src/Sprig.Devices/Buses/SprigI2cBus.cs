using System.Device;
using System.Device.I2c;

namespace Sprig.Devices.Buses;

/// <summary>An I2C bus whose devices are used in one <see cref="Buses.Lane"/>: a long transfer stops nobody but those who wait
/// for the bus. Bindings take it as the I2cBus that it is.</summary>
/// <remarks>Any thread. Two of one bus number share a lane.</remarks>
public sealed partial class SprigI2cBus : I2cBus
{
    private const int HighestAddress = 0x7F;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, SprigI2cDevice> _devices = [];
    private readonly Port<I2cBus> _port;

    /// <summary>Puts a lane around a bus: one of a multiplexer, of an adapter, or a simulated one.</summary>
    /// <param name="bus">Used and disposed of by this from now on, whether or not it can be used from several threads.</param>
    /// <param name="lane">Where it is used; a lane of its own unless given. The buses of a multiplexer take the lane of the bus
    /// that it hangs on. A lane that is given is not disposed of.</param>
    /// <param name="name">For errors.</param>
    public SprigI2cBus(I2cBus bus, Lane? lane = null, string name = "I2C bus")
        : this(bus, lane ?? new Lane(name), lane is null, name)
    {
    }

    private SprigI2cBus(I2cBus bus, Lane lane, bool ownsLane, string name)
    {
        ArgumentNullException.ThrowIfNull(bus);
        _port = new Port<I2cBus>(bus, name, lane, BusError.OfI2c, () =>
        {
            try
            {
                bus.Dispose();
            }
            finally
            {
                if (ownsLane)
                    lane.Dispose();
            }
        });
    }

    /// <summary>The lane of the bus, for driver code that is synchronous. It belongs to the bus.</summary>
    public Lane Lane => _port.Lane;

    /// <summary>Opens a bus of the kernel.</summary>
    /// <param name="busId">1 for /dev/i2c-1.</param>
    /// <exception cref="FileNotFoundException">There is none; the message says how it is turned on.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission; the message says which group.</exception>
    public static new SprigI2cBus Create(int busId)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(busId);
        string path = $"/dev/i2c-{busId}";
        DeviceFiles.ThrowIfClosed(
            path, "i2c", "'sudo raspi-config', Interface Options, I2C; or dtparam=i2c_arm=on in config.txt; or 'sudo modprobe i2c-dev'");
        I2cBus bus = I2cBus.Create(busId);
        return new SprigI2cBus(bus, Lane.Share(path), ownsLane: true, $"I2C bus {busId}") { _kernelNumber = busId };
    }

    /// <summary>Opens a device, without a transfer.</summary>
    /// <param name="deviceAddress">0 to 0x7F: seven bits.</param>
    /// <exception cref="ArgumentOutOfRangeException">It has not seven bits.</exception>
    /// <exception cref="ArgumentException">A device with this address is open.</exception>
    /// <exception cref="ObjectDisposedException">The bus was disposed of.</exception>
    public override SprigI2cDevice CreateDevice(int deviceAddress)
    {
        if (deviceAddress is < 0 or > HighestAddress)
        {
            throw new ArgumentOutOfRangeException(
                nameof(deviceAddress),
                deviceAddress,
                "Addresses have seven bits, 0 to 0x7F; a data sheet that gives eight counts the read/write bit, and half of it is the "
                + $"address: 0x{(deviceAddress >> 1) & HighestAddress:X2}.");
        }

        _port.Enter();
        try
        {
            lock (_gate)
            {
                _port.ThrowIfDisposed();
                if (_devices.ContainsKey(deviceAddress))
                {
                    throw new ArgumentException(
                        $"{NameOf(deviceAddress)} is open already: use that one, or dispose of it first.", nameof(deviceAddress));
                }

                bool isAsked = _probe is not null && _probed == deviceAddress;
                I2cDevice device = isAsked ? _probe! : _port.Device.CreateDevice(deviceAddress);
                Port<I2cDevice> port = new(device, NameOf(deviceAddress), Lane, BusError.OfI2c, () => Close(deviceAddress, device));
                if (isAsked)
                    LendToProbe(port);
                return _devices[deviceAddress] = new SprigI2cDevice(port);
            }
        }
        catch
        {
            _port.Leave();
            throw;
        }
    }

    /// <summary>Disposes of the device with this address.</summary>
    /// <exception cref="ArgumentException">None is open.</exception>
    public override void RemoveDevice(int deviceAddress)
        => (Find(deviceAddress) ?? throw new ArgumentException($"{NameOf(deviceAddress)} is not open.", nameof(deviceAddress))).Dispose();

    /// <inheritdoc/>
    public override ComponentInformation QueryComponentInformation()
    {
        ComponentInformation self = new(this, $"{_port.Name}, in a lane");
        self.AddSubComponent(_port.Device.QueryComponentInformation());
        return self;
    }

    /// <summary>"I2C bus 1".</summary>
    public override string ToString() => _port.Name;

    /// <summary>Disposes of its devices: who waits for a transfer gets an <see cref="ObjectDisposedException"/>; the bus is
    /// closed, and its lane ended, when the transfer that is under way has ended.</summary>
    protected override void Dispose(bool disposing)
    {
        // First: from then on none is opened.
        _port.Dispose();
        SprigI2cDevice[] devices;
        lock (_gate)
            devices = [.. _devices.Values];
        Actuator.DisposeAll(devices);
        base.Dispose(disposing);
    }

    private SprigI2cDevice? Find(int address)
    {
        lock (_gate)
            return _devices.GetValueOrDefault(address);
    }

    private void Close(int address, I2cDevice device)
    {
        try
        {
            lock (_gate)
            {
                _devices.Remove(address);
                device.Dispose();
            }
        }
        finally
        {
            _port.Leave();
        }
    }

    private string NameOf(int address) => $"{_port.Name}, address 0x{address:X2}";
}
