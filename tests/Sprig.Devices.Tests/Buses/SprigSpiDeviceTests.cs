using System.Device.Spi;
using Sprig.Devices.Buses;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Devices.Tests.Buses;

/// <summary>SprigSpiDevice: what differs from I2C. Order, kills and the end are those of the port that both are made of.</summary>
public class SprigSpiDeviceTests
{
    [Fact]
    public void Coroutines_and_ordinary_code_transfer() => BusRun.Run(async () =>
    {
        FakeSpiDevice fake = new(1);
        using SprigSpiDevice device = new(fake);
        await device.WriteAsync(new byte[] { 1, 2 });
        byte[] buffer = new byte[2];
        await device.ReadAsync(buffer);
        Assert.Equal([0xFF, 0xFF], buffer);
        await device.TransferFullDuplexAsync(new byte[] { 1, 2 }, buffer);
        Assert.Equal([0xFE, 0xFD], buffer);
        device.WriteByte(5);
        Assert.Equal(0xFF, device.ReadByte());
        device.Read(buffer.AsSpan(0, 1));
        device.Write([6]);
        device.TransferFullDuplex([0x0F], buffer.AsSpan(0, 1));
        Assert.Equal(0xF0, buffer[0]);
        Assert.Equal(["0102", "0000", "0102", "05", "00", "00", "06", "0F"], fake.Log);
        Assert.Equal((0, 1), (device.ConnectionSettings.BusId, device.ConnectionSettings.ChipSelectLine));
        Assert.Equal("SPI bus 0, chip select 1", device.ToString());
    });

    [Fact]
    public void The_chip_selects_of_one_lane_are_not_used_at_once() => BusRun.Run(async () =>
    {
        using Lane lane = new("SPI bus 0");
        using ManualResetEventSlim gate = new();
        List<int> order = [];
        using SprigSpiDevice one = new(new FakeSpiDevice(0) { OnTransfer = () => { gate.Wait(); order.Add(0); } }, lane);
        using SprigSpiDevice two = new(new FakeSpiDevice(1) { OnTransfer = () => order.Add(1) }, lane);
        Coroutine first = Coroutine.Spawn(async () => await one.ReadAsync(new byte[1]));
        Coroutine second = Coroutine.Spawn(async () => await two.ReadAsync(new byte[1]));
        await Coroutine.Yield();
        await Coroutine.Yield();
        gate.Set();
        await Coroutine.JoinAll(first, second);
        Assert.Equal([0, 1], order);
        one.Dispose();
        await two.WriteAsync(new byte[] { 1 });
    });

    [Fact]
    public void Lengths_that_differ_are_refused_at_once() => BusRun.Run(() =>
    {
        using SprigSpiDevice device = new(new FakeSpiDevice(0));
        Assert.Throws<ArgumentException>(() => { _ = device.TransferFullDuplexAsync(new byte[2], new byte[1]); });
        Assert.Throws<ArgumentException>(() => device.TransferFullDuplex([1, 2], new byte[1]));
        return Task.CompletedTask;
    });

    [Fact]
    public void Errors_name_the_device_and_the_cure() => BusRun.Run(async () =>
    {
        int number = 90;
        using SprigSpiDevice device = new(new FakeSpiDevice(0) { OnTransfer = () => throw new IOException($"Error {number} performing SPI data transfer.") });
        IOException error = await Assert.ThrowsAsync<IOException>(async () => await device.WriteAsync(new byte[5000]));
        Assert.Equal(90, error.HResult);
        Assert.Contains("SPI bus 0, chip select 0: longer than", error.Message, StringComparison.Ordinal);
        number = 22;
        Assert.Contains("clock frequency", Assert.Throws<IOException>(() => device.WriteByte(1)).Message, StringComparison.Ordinal);
        number = 108;
        Assert.Contains("gone", Assert.Throws<IOException>(() => device.WriteByte(1)).Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_bus_that_is_not_there_names_the_cure()
    {
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() => SprigSpiDevice.Create(new SpiConnectionSettings(4711, 1)));
        Assert.Contains("/dev/spidev4711.1", error.Message, StringComparison.Ordinal);
        Assert.Contains("dtparam=spi=on", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => new SprigSpiDevice(null!));
        Assert.Throws<ArgumentNullException>(() => SprigSpiDevice.Create(null!));
    }

    [Fact]
    public void After_its_end_it_is_closed_and_no_thread_is_left()
    {
        FakeSpiDevice fake = new(0);
        SprigSpiDevice device = new(fake);
        Thread thread = device.Lane.Run(() => Thread.CurrentThread);
        device.Dispose();
        thread.Join();
        Assert.True(fake.IsClosed);
        Assert.Equal(0, device.Lane.ThreadCount);
        Assert.Throws<ObjectDisposedException>(() => device.ReadByte());
    }

    /// <summary>Answers with the complement of what it is sent.</summary>
    private sealed class FakeSpiDevice(int chipSelect) : SpiDevice
    {
        public override SpiConnectionSettings ConnectionSettings => new(0, chipSelect);

        internal List<string> Log { get; } = [];

        internal Action OnTransfer { get; init; } = () => { };

        internal bool IsClosed { get; private set; }

        public override byte ReadByte()
        {
            Span<byte> one = stackalloc byte[1];
            Read(one);
            return one[0];
        }

        public override void Read(Span<byte> buffer) => TransferFullDuplex(new byte[buffer.Length], buffer);

        public override void WriteByte(byte value) => Write([value]);

        public override void Write(ReadOnlySpan<byte> buffer) => TransferFullDuplex(buffer, new byte[buffer.Length]);

        public override void TransferFullDuplex(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
        {
            Assert.False(IsClosed);
            OnTransfer();
            Log.Add(Convert.ToHexString(writeBuffer));
            for (int i = 0; i < readBuffer.Length; i++)
                readBuffer[i] = (byte)~writeBuffer[i];
        }

        protected override void Dispose(bool disposing)
        {
            IsClosed = true;
            base.Dispose(disposing);
        }
    }
}
