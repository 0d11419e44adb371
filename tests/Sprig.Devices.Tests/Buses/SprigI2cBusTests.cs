using System.Device.I2c;
using Sprig.Devices.Buses;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Devices.Tests.Buses;

/// <summary>SprigI2cBus: opening, scanning, closing.</summary>
public sealed class SprigI2cBusTests : IDisposable
{
    private readonly FakeI2cBus _fake = new();
    private readonly ManualResetEventSlim _gate = new();
    private readonly ManualResetEventSlim _begun = new();

    public void Dispose()
    {
        _gate.Set();
        _gate.Dispose();
        _begun.Dispose();
    }

    [Fact]
    public void A_scan_finds_who_answers_and_opens_nothing_for_good() => BusRun.Run(async () =>
    {
        using SprigI2cBus bus = new(_fake);
        using SprigI2cDevice open = bus.CreateDevice(0x76);
        _fake.Present.UnionWith([0x03, 0x08, 0x77, 0x78]);
        Assert.Equal([0x08, 0x40, 0x76, 0x77], (await bus.ScanAsync()).Select(one => one.Address));
        Assert.Equal(0x70, _fake.Log.Length);
        Assert.All(_fake.Log, one => Assert.EndsWith(" read", one, StringComparison.Ordinal));
        Assert.Equal([0x76], _fake.OpenAddresses);
    });

    [Fact]
    public void A_scan_of_a_bus_that_hangs_says_so_at_the_first_address() => BusRun.Run(async () =>
    {
        using SprigI2cBus bus = new(_fake, name: "test bus");
        _fake.ErrorNumber = 110;
        IOException error = await Assert.ThrowsAsync<IOException>(async () => await bus.ScanAsync());
        Assert.Contains("test bus", error.Message, StringComparison.Ordinal);
        Assert.Equal(110, error.HResult);
        Assert.Single(_fake.Log);
        Assert.Empty(_fake.OpenAddresses);
    });

    [Fact]
    public void Others_use_the_bus_between_two_addresses_of_a_scan_and_may_open_the_one_that_is_being_asked() => BusRun.Run(async () =>
    {
        using SprigI2cBus bus = new(_fake);
        Coroutine<IReadOnlyList<I2cFinding>> scan = await ScanUntilItAsks40Async(bus);
        using SprigI2cDevice opened = bus.CreateDevice(0x40);
        Coroutine write = Coroutine.Spawn(async () => await opened.WriteByteAsync(1));
        await Coroutine.Yield();
        await Coroutine.Yield();
        _gate.Set();
        await write;
        Assert.Equal([0x40, 0x76], (await scan).Select(one => one.Address));
        Assert.Equal("40 write 01", _fake.Log[Array.IndexOf(_fake.Log, "40 read") + 1]);
        Assert.Equal([0x40], _fake.OpenAddresses);
    });

    [Fact]
    public void Addresses_are_checked() => BusRun.Run(() =>
    {
        using SprigI2cBus bus = new(_fake, name: "test bus");
        Assert.Contains("0x76", Assert.Throws<ArgumentOutOfRangeException>(() => bus.CreateDevice(0xEC)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => bus.CreateDevice(-1));
        using SprigI2cDevice device = bus.CreateDevice(0x40);
        Assert.Contains("test bus, address 0x40 is open already", Assert.Throws<ArgumentException>(() => bus.CreateDevice(0x40)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => bus.RemoveDevice(0x41));
        bus.RemoveDevice(0x40);
        Assert.Throws<ObjectDisposedException>(() => device.ReadByte());
        using SprigI2cDevice again = bus.CreateDevice(0x40);
        Assert.Equal(0, again.ReadByte());
        return Task.CompletedTask;
    });

    [Fact]
    public void A_bus_that_is_not_there_leaves_no_lane_and_names_the_cure()
    {
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() => SprigI2cBus.Create(4711));
        Assert.Contains("/dev/i2c-4711", error.Message, StringComparison.Ordinal);
        Assert.Contains("raspi-config", error.Message, StringComparison.Ordinal);
        Assert.Contains("dtparam=i2c_arm=on", error.Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => SprigI2cDevice.Create(new I2cConnectionSettings(4711, 0x40)));
        Assert.Throws<ArgumentOutOfRangeException>(() => SprigI2cBus.Create(-1));
        Assert.Throws<ArgumentNullException>(() => SprigI2cDevice.Create(null!));
        Assert.Throws<ArgumentNullException>(() => new SprigI2cBus(null!));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Disposed_of_in_mid_transfer_waiters_are_told_at_once_and_it_is_closed_after_the_transfer(bool wholeBus) => BusRun.Run(async () =>
    {
        SprigI2cBus bus = new(_fake, name: "test bus");
        SprigI2cDevice device = bus.CreateDevice(0x40);
        Thread lane = device.Lane.Run(() => Thread.CurrentThread);
        _fake.OnTransfer = _ =>
        {
            _begun.Set();
            _gate.Wait();
        };
        Coroutine[] waiting = [.. Enumerable.Range(0, 2).Select(_ => Coroutine.Spawn(async () => await device.ReadByteAsync()))];
        Exception? ofThread = null;
        while (!_begun.IsSet)
            await Coroutine.Yield();
        Thread foreign = new(() => ofThread = Record.Exception(() => device.ReadByte()));
        foreign.Start();
        Assert.True(SpinWait.SpinUntil(() => bus.Lane.PendingCount == 2, BusRun.Patience));
        (wholeBus ? (IDisposable)bus : device).Dispose();
        foreach (Coroutine waiter in waiting)
            Assert.Equal("test bus, address 0x40", (await Assert.ThrowsAsync<ObjectDisposedException>(async () => await waiter)).ObjectName);
        Assert.False(_fake.Closed.IsSet);
        Assert.Equal([0x40], _fake.OpenAddresses);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await device.ReadByteAsync());
        Assert.Throws<ObjectDisposedException>(() => device.ReadByte());
        _gate.Set();
        foreign.Join();
        Assert.IsType<ObjectDisposedException>(ofThread);
        bus.Dispose();
        lane.Join();
        Assert.True(_fake.Closed.IsSet);
        Assert.False(_fake.WasClosedInTransfer);
        Assert.Empty(_fake.OpenAddresses);
        Assert.Single(_fake.Log);
        Assert.Equal(0, bus.Lane.ThreadCount);
        Assert.Throws<ObjectDisposedException>(() => bus.CreateDevice(0x41));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await bus.ScanAsync());
    });

    [Fact]
    public void A_lane_that_was_given_outlives_the_bus_and_code_in_it_uses_both_buses_at_once() => BusRun.Run(async () =>
    {
        using SprigI2cBus trunk = new(_fake);
        FakeI2cBus branchFake = new();
        using (SprigI2cBus branch = new(branchFake, trunk.Lane))
        {
            SprigI2cDevice multiplexer = trunk.CreateDevice(0x76);
            branchFake.OnTransfer = _ => multiplexer.WriteByte(4);
            await branch.CreateDevice(0x40).WriteByteAsync(1);
            Assert.Equal(["76 write 04"], _fake.Log);
        }

        Assert.True(branchFake.Closed.IsSet);
        Assert.Equal(1, trunk.Lane.Run(() => 1));
    });

    [Fact]
    public void Opening_and_closing_from_many_threads_leaves_nothing_open()
    {
        using (SprigI2cBus bus = new(_fake))
        {
            Thread[] threads = [.. Enumerable.Range(0x40, 4).Select(address => new Thread(() =>
            {
                for (int i = 0; i < 200; i++)
                {
                    using SprigI2cDevice device = bus.CreateDevice(address);
                    Record.Exception(() => device.ReadByte());
                }
            }))];
            foreach (Thread thread in threads)
                thread.Start();
            foreach (Thread thread in threads)
                thread.Join();
        }

        Assert.True(_fake.Closed.IsSet);
        Assert.False(_fake.WasUsedByTwo);
        Assert.Empty(_fake.OpenAddresses);
        Assert.Equal(800, _fake.Log.Length);
    }

    [Fact]
    public void Opened_by_one_thread_while_another_closes_the_bus_no_device_outlives_it()
    {
        for (int i = 0; i < 300; i++)
        {
            FakeI2cBus fake = new();
            SprigI2cBus bus = new(fake);
            using Barrier start = new(2);
            Exception? error = null;
            Thread opener = new(() => error = Record.Exception(() =>
            {
                start.SignalAndWait();
                for (int address = 0x10; address < 0x40; address++)
                    bus.CreateDevice(address);
            }));
            opener.Start();
            start.SignalAndWait();
            bus.Dispose();
            opener.Join();
            Assert.True(error is null or ObjectDisposedException, error?.ToString());
            bus.Dispose();
            Assert.Empty(fake.OpenAddresses);
            Assert.True(fake.Closed.IsSet);
        }
    }

    [Fact]
    public void A_device_that_is_closed_while_the_scan_asks_it_is_closed_after_that() => BusRun.Run(async () =>
    {
        using SprigI2cBus bus = new(_fake);
        Coroutine<IReadOnlyList<I2cFinding>> scan = await ScanUntilItAsks40Async(bus);
        bus.CreateDevice(0x40).Dispose();
        Assert.Equal([0x40], _fake.OpenAddresses);
        _gate.Set();
        Assert.Equal([0x40, 0x76], (await scan).Select(one => one.Address));
        Assert.False(_fake.WasClosedInTransfer);
        Assert.Empty(_fake.OpenAddresses);
    });

    [Fact]
    public void A_device_whose_end_fails_leaves_neither_the_others_nor_the_bus_nor_the_lane_open()
    {
        SprigI2cBus bus = new(_fake);
        for (int address = 0x40; address < 0x43; address++)
            bus.CreateDevice(address);
        Thread lane = bus.Lane.Run(() => Thread.CurrentThread);
        _fake.Stuck = 0x40;
        AggregateException error = Assert.Throws<AggregateException>(bus.Dispose);
        Assert.IsType<IOException>(Assert.Single(error.InnerExceptions));
        lane.Join();
        Assert.Empty(_fake.OpenAddresses);
        Assert.True(_fake.Closed.IsSet);
    }

    [Fact]
    public void It_tells_what_it_is_made_of()
    {
        using SprigI2cBus bus = new(_fake, name: "test bus");
        Assert.Contains("test bus, in a lane", bus.QueryComponentInformation().ToString(), StringComparison.Ordinal);
        Assert.Contains("address 0x40", bus.CreateDevice(0x40).QueryComponentInformation().ToString(), StringComparison.Ordinal);
    }

    /// <summary>A scan that asks the address 0x40, and has its answer when the gate is opened.</summary>
    private async Task<Coroutine<IReadOnlyList<I2cFinding>>> ScanUntilItAsks40Async(SprigI2cBus bus)
    {
        _fake.OnTransfer = what =>
        {
            if (what != "40 read")
                return;
            _begun.Set();
            _gate.Wait();
        };
        Coroutine<IReadOnlyList<I2cFinding>> scan = Coroutine.Spawn(() => bus.ScanAsync());
        while (!_begun.IsSet)
            await Coroutine.Yield();
        return scan;
    }
}
