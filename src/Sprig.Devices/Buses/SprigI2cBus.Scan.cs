using System.Device.I2c;

namespace Sprig.Devices.Buses;

/// <content>Who is there.</content>
public sealed partial class SprigI2cBus
{
    private const int FirstAddress = 0x08;
    private const int LastAddress = 0x77;

    /// <summary>The device that is being asked, which nobody else has opened. Guarded by the gate.</summary>
    private I2cDevice? _probe;
    private int _probed;

    /// <summary>Whoever has opened it meanwhile; the question still uses it. Guarded by the gate.</summary>
    private Port<I2cDevice>? _probeOwner;

    /// <summary>Null for one that is not the kernel's.</summary>
    private int? _kernelNumber;

    /// <summary>Asks each address from 0x08 to 0x77 (the others are reserved) whether somebody answers when a byte is read, as
    /// i2cdetect -r does, and gives those that do. Addresses that a driver of the kernel holds are not disturbed.</summary>
    /// <remarks>Each is asked in a turn of its own, so that others who use the bus wait for one byte at most. Reading may have
    /// effects: some chips clear a flag. One that can only be written is not found.</remarks>
    /// <param name="cancellationToken">Ends the scan.</param>
    /// <exception cref="IOException">The bus fails: something holds SCL or SDA low, or it is gone.</exception>
    /// <exception cref="ObjectDisposedException">The bus was disposed of.</exception>
    /// <exception cref="InvalidOperationException">No coroutine is running on this thread.</exception>
    public async Task<IReadOnlyList<I2cFinding>> ScanAsync(CancellationToken cancellationToken = default)
    {
        List<I2cFinding> found = [];
        byte[] answer = new byte[1];
        for (int address = FirstAddress; address <= LastAddress; address++)
        {
            if (DriverOf(address) is { } driver)
            {
                found.Add(new I2cFinding(address, driver));
                continue;
            }

            byte[] asked = [(byte)address];
            await _port.RunAsync((_, write, read) => read[0] = Answers(write[0]) ? (byte)1 : (byte)0, asked, answer, cancellationToken);
            if (answer[0] != 0)
                found.Add(new I2cFinding(address, null));
        }

        return found;
    }

    /// <summary>In the lane.</summary>
    private bool Answers(int address)
    {
        try
        {
            if (Find(address) is { } open)
                open.ReadByte();
            else
                Probe(address);
            return true;
        }
        catch (IOException e) when (NumberOf(e) is 0 or BusError.NoAnswer or BusError.NoSuchAddress or BusError.Failed)
        {
            return false;
        }
        catch (ObjectDisposedException e) when (e.ObjectName == NameOf(address))
        {
            // Whoever had it open has gone meanwhile.
            return false;
        }
    }

    private void Probe(int address)
    {
        I2cDevice probe;
        lock (_gate)
            (_probe, _probed) = (probe = _port.Device.CreateDevice(address), address);
        try
        {
            probe.ReadByte();
        }
        finally
        {
            Port<I2cDevice>? owner;
            lock (_gate)
            {
                owner = _probeOwner;
                if (owner is null)
                    probe.Dispose();
                _probe = null;
                _probeOwner = null;
            }

            owner?.Leave();
        }
    }

    /// <summary>Somebody opens what is being asked: if he closes it again, that waits for the answer.</summary>
    private void LendToProbe(Port<I2cDevice> port)
    {
        port.Enter();
        _probeOwner = port;
    }

    // One of ours has explained it, and has the number elsewhere.
    private static int NumberOf(IOException error) => BusError.NumberOf(error.InnerException as IOException ?? error);

    private string? DriverOf(int address)
    {
        if (_kernelNumber is null)
            return null;
        DirectoryInfo driver = new($"/sys/bus/i2c/devices/{_kernelNumber}-{address:x4}/driver");
        return driver.Exists ? (driver.ResolveLinkTarget(true) ?? driver).Name : null;
    }
}
