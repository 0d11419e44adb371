using System.Device.I2c;
using Iot.Device.Board;
using Sprig.Testing.Buses;
using Xunit;

namespace Sprig.Testing.Tests.Buses;

public class SimulatedI2cBusTests
{
    private const int Address = 0x76;

    [Fact]
    public void A_write_and_a_read_reach_the_chip_at_the_address()
    {
        (SimulatedI2cBus bus, Recorder chip) = Bus();
        bus.Attach(0x40, new Recorder());
        using I2cDevice device = bus.CreateDevice(Address);
        device.Write([1, 2]);
        Assert.Equal([7, 7, 7], Read(device, 3));
        device.WriteByte(9);
        Assert.Equal(7, device.ReadByte());
        Assert.Equal(["write 01-02", "stop", "read 3", "stop", "write 09", "stop", "read 1", "stop"], chip.Calls);
        Assert.Equal(new I2cConnectionSettings(1, Address), device.ConnectionSettings);
    }

    [Fact]
    public void A_write_and_read_is_one_transfer_with_a_repeated_start()
    {
        (SimulatedI2cBus bus, Recorder chip) = Bus();
        byte[] read = new byte[2];
        bus.CreateDevice(Address).WriteRead([0xD0], read);
        Assert.Equal(["write D0", "read 2", "stop"], chip.Calls);
        Assert.Equal("0x76 wrote D0 read 07 07", Assert.Single(bus.Transfers).ToString());
    }

    [Fact]
    public void Where_nobody_is_there_is_the_kernels_error()
    {
        SimulatedI2cBus bus = new();
        using I2cDevice device = bus.CreateDevice(Address);
        IOException error = Assert.Throws<IOException>(() => device.ReadByte());
        Assert.Equal("Error 121 (Remote I/O error) performing I2C data transfer: nobody answers at 0x76 of the simulated bus.", error.Message);
        Assert.Equal(121, error.HResult);
        Assert.Throws<IOException>(() => device.Write([]));
        Assert.Throws<IOException>(() => device.WriteRead([1], new byte[1]));
        Assert.Equal([error.Message, error.Message, error.Message], bus.Transfers.Select(transfer => transfer.Error));
    }

    [Fact]
    public void A_chip_may_come_and_go_while_its_device_is_open()
    {
        (SimulatedI2cBus bus, Recorder chip) = Bus();
        using I2cDevice device = bus.CreateDevice(Address);
        chip.IsPresent = false;
        Assert.Throws<IOException>(() => device.WriteByte(1));
        chip.IsPresent = true;
        device.WriteByte(2);
        Assert.True(bus.Detach(Address));
        Assert.False(bus.Detach(Address));
        Assert.Throws<IOException>(() => device.WriteByte(3));
        bus.Attach(Address, chip);
        device.WriteByte(4);
        Assert.Equal(["write 02", "stop", "write 04", "stop"], chip.Calls);
    }

    [Fact]
    public void Ordered_failures_come_in_their_turn_and_the_chip_sees_nothing_of_them()
    {
        (SimulatedI2cBus bus, Recorder chip) = Bus();
        using I2cDevice device = bus.CreateDevice(Address);
        chip.FailNext(count: 2, skip: 1);
        device.WriteByte(1);
        Assert.Equal(5, Assert.Throws<IOException>(() => device.WriteByte(2)).HResult);
        Assert.Throws<IOException>(() => device.ReadByte());
        device.WriteByte(3);
        chip.FailNext(error: new TimeoutException("stuck"));
        Assert.Throws<TimeoutException>(() => device.WriteByte(4));
        Assert.Equal(["write 01", "stop", "write 03", "stop"], chip.Calls);
        Assert.Equal("0x76 wrote 04 failed: stuck", bus.Transfers[^1].ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => chip.FailNext(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => chip.FailNext(1, -1));
    }

    [Fact]
    public void A_chip_that_does_not_acknowledge_gets_its_stop_and_the_program_its_error()
    {
        (SimulatedI2cBus bus, Recorder chip) = Bus();
        using I2cDevice device = bus.CreateDevice(Address);
        chip.Refuses = true;
        Assert.Equal(
            "Error 121 (Remote I/O error) performing I2C data transfer: busy.",
            Assert.Throws<IOException>(() => device.WriteRead([1], new byte[1])).Message);
        Assert.Equal(["write 01", "stop"], chip.Calls);
    }

    [Fact]
    public void A_scan_finds_who_is_there()
    {
        SimulatedI2cBus bus = new();
        bus.Attach(0x3C, new Recorder());
        bus.Attach(0x48, new Recorder { IsPresent = false });
        bus.Attach(0x76, new Recorder());
        Assert.Equal([0x3C, 0x76], bus.PerformBusScan());
    }

    [Fact]
    public void An_address_is_open_once_until_it_is_closed()
    {
        SimulatedI2cBus bus = new(busId: 3);
        I2cDevice first = bus.CreateDevice(Address);
        Assert.Equal("The device at 0x76 is open already. (Parameter 'deviceAddress')", Assert.Throws<ArgumentException>(() => bus.CreateDevice(Address)).Message);
        first.Dispose();
        first.Dispose();
        I2cDevice second = bus.CreateDevice(Address);
        Assert.Equal(3, second.ConnectionSettings.BusId);
        bus.RemoveDevice(Address);
        Assert.Throws<ArgumentException>(() => bus.RemoveDevice(Address));
        // The end of one does not close what another has opened since.
        bus.CreateDevice(Address);
        first.Dispose();
        second.Dispose();
        Assert.Throws<ArgumentException>(() => bus.CreateDevice(Address));
    }

    [Fact]
    public void What_is_disposed_of_says_so()
    {
        (SimulatedI2cBus bus, _) = Bus();
        I2cDevice one = bus.CreateDevice(Address), other = bus.CreateDevice(0x77);
        one.Dispose();
        Assert.Throws<ObjectDisposedException>(() => one.WriteByte(1));
        bus.Dispose();
        Assert.Throws<ObjectDisposedException>(() => other.WriteByte(1));
        Assert.Throws<ObjectDisposedException>(() => bus.CreateDevice(Address));
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        (SimulatedI2cBus bus, _) = Bus();
        Assert.Throws<ArgumentOutOfRangeException>(() => bus.Attach(0x07, new Recorder()));
        Assert.Throws<ArgumentOutOfRangeException>(() => bus.Attach(0x78, new Recorder()));
        Assert.Throws<ArgumentNullException>(() => bus.Attach(0x20, null!));
        Assert.StartsWith("At 0x76 of the simulated bus is a Recorder already", Assert.Throws<ArgumentException>(() => bus.Attach(Address, new Recorder())).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => bus.CreateDevice(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => bus.CreateDevice(0x80));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SimulatedI2cBus(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SimulatedI2cBus(1, -1));
        using I2cDevice device = bus.CreateDevice(Address);
        Assert.Throws<ArgumentException>(() => device.Read([]));
        Assert.Throws<ArgumentException>(() => device.WriteRead([1], []));
        Assert.Empty(bus.Transfers);
    }

    [Fact]
    public void Transfers_are_told_as_they_end()
    {
        (SimulatedI2cBus bus, Recorder chip) = Bus();
        List<I2cTransfer> told = [];
        bus.Transferred += told.Add;
        using I2cDevice device = bus.CreateDevice(Address);
        device.WriteByte(1);
        chip.FailNext();
        Assert.Throws<IOException>(() => device.WriteByte(2));
        Assert.Equal(2, told.Count);
        Assert.Equal(bus.Transfers, told);
    }

    [Fact]
    public void Only_the_newest_transfers_are_remembered()
    {
        SimulatedI2cBus bus = new(keepTransfers: 2);
        bus.Attach(Address, new Recorder());
        using I2cDevice device = bus.CreateDevice(Address);
        for (byte i = 0; i < 5; i++)
            device.WriteByte(i);
        Assert.Equal([3, 4], bus.Transfers.Select(transfer => (int)transfer.Written[0]));
    }

    [Fact]
    public void Threads_get_the_bus_one_after_the_other()
    {
        SimulatedI2cBus bus = new(keepTransfers: 100_000);
        Alone chip = new();
        bus.Attach(Address, chip);
        bus.Attach(0x77, chip);
        Thread[] threads =
        [
            .. new[] { Address, 0x77, 0x10 }.Select(address => new Thread(() =>
            {
                using I2cDevice device = bus.CreateDevice(address);
                byte[] read = new byte[1];
                for (int i = 0; i < 2000; i++)
                {
                    try
                    {
                        device.WriteRead([1], read);
                    }
                    catch (IOException)
                    {
                        // Nobody is at 0x10.
                    }
                }
            })),
        ];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.Equal(0, chip.Collisions);
        Assert.Equal(6000, bus.Transfers.Count);
        Assert.Equal(2000, bus.Transfers.Count(transfer => transfer.Error is not null));
    }

    private static (SimulatedI2cBus Bus, Recorder Chip) Bus()
    {
        SimulatedI2cBus bus = new();
        Recorder chip = new();
        bus.Attach(Address, chip);
        return (bus, chip);
    }

    private static byte[] Read(I2cDevice device, int count)
    {
        byte[] buffer = new byte[count];
        device.Read(buffer);
        return buffer;
    }

    private sealed class Recorder : SimulatedI2cDevice
    {
        internal List<string> Calls { get; } = [];

        internal bool Refuses { get; set; }

        protected override void OnWrite(ReadOnlySpan<byte> bytes)
        {
            Calls.Add($"write {BitConverter.ToString(bytes.ToArray())}");
            if (Refuses)
                throw NotAcknowledged("busy");
        }

        protected override void OnRead(Span<byte> buffer)
        {
            Calls.Add($"read {buffer.Length}");
            buffer.Fill(7);
        }

        protected override void OnStop() => Calls.Add("stop");
    }

    /// <summary>Counts the times when a transfer began before another had its stop.</summary>
    private sealed class Alone : SimulatedI2cDevice
    {
        private int _inside;

        internal int Collisions { get; private set; }

        protected override void OnWrite(ReadOnlySpan<byte> bytes)
        {
            if (Interlocked.Increment(ref _inside) != 1)
                Collisions++;
            Thread.Yield();
        }

        protected override void OnRead(Span<byte> buffer) => Thread.Yield();

        protected override void OnStop() => Interlocked.Decrement(ref _inside);
    }
}
