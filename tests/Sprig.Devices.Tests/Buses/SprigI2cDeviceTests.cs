using System.Device.I2c;
using Sprig.Devices.Buses;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Devices.Tests.Buses;

/// <summary>SprigI2cDevice: transfers, their order, and who goes before they have ended.</summary>
public sealed class SprigI2cDeviceTests : IDisposable
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
    public void Coroutines_read_and_write() => Run(async device =>
    {
        await device.WriteAsync(new byte[] { 1, 2, 5 });
        Assert.Equal(5, await device.ReadByteAsync());
        await device.WriteByteAsync(8);
        byte[] buffer = new byte[3];
        await device.ReadAsync(buffer);
        Assert.Equal([8, 9, 10], buffer);
        await device.WriteReadAsync(new byte[] { 0x20 }, buffer.AsMemory(1));
        Assert.Equal([8, 0x20, 0x21], buffer);
        Assert.Equal(["40 write 010205", "40 read", "40 write 08", "40 read 3", "40 write 20 read 2"], _fake.Log);
    });

    [Fact]
    public void It_is_an_ordinary_I2cDevice_for_the_loop_for_threads_and_inside_the_lane() => Run(async device =>
    {
        Use(device);
        Thread foreign = new(() => Use(device));
        foreign.Start();
        foreign.Join();
        await device.Lane.RunAsync(() => Use(device));
        Assert.Equal(15, _fake.Log.Length);
        Assert.Equal((7, 0x40), (device.ConnectionSettings.BusId, device.ConnectionSettings.DeviceAddress));
    });

    [Fact]
    public void The_loop_goes_on_while_a_transfer_takes_its_time() => Run(async device =>
    {
        _fake.OnTransfer = _ => _gate.Wait();
        _ = Coroutine.Spawn(() =>
        {
            _gate.Set();
            return Task.CompletedTask;
        });
        await device.ReadByteAsync();
    });

    [Fact]
    public void Two_devices_of_a_bus_and_a_foreign_thread_never_use_it_at_once_and_in_order() => Run(async (bus, device) =>
    {
        SprigI2cDevice other = bus.CreateDevice(0x76);
        _fake.OnTransfer = BlockAt("40 write AA");
        Coroutine first = Coroutine.Spawn(async () => await device.WriteByteAsync(0xAA));
        await Settle();
        _begun.Wait();
        Coroutine second = Coroutine.Spawn(async () => await other.WriteByteAsync(1));
        await Settle();
        Thread foreign = new(() => device.WriteByte(2));
        foreign.Start();
        Assert.True(SpinWait.SpinUntil(() => bus.Lane.PendingCount == 2, BusRun.Patience));
        Coroutine third = Coroutine.Spawn(async () => await device.WriteByteAsync(3));
        await Settle();
        _gate.Set();
        await Coroutine.JoinAll(first, second, third);
        foreign.Join();
        Assert.Equal(["40 write AA", "76 write 01", "40 write 02", "40 write 03"], _fake.Log);
    });

    [Fact]
    public void The_bytes_that_are_written_are_those_at_the_call() => Run(async device =>
    {
        _fake.OnTransfer = BlockAt("40 read");
        Coroutine first = Coroutine.Spawn(async () => await device.ReadByteAsync());
        await Settle();
        byte[] bytes = [1];
        ValueTask write = device.WriteAsync(bytes);
        bytes[0] = 2;
        _gate.Set();
        await write;
        await first;
        Assert.Equal(["40 read", "40 write 01"], _fake.Log);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_is_killed_in_mid_transfer_goes_at_once_and_his_buffer_is_left_alone(bool hasBegun) => Run(async device =>
    {
        string blocked = hasBegun ? "40 read 2" : "40 read";
        _fake.OnTransfer = BlockAt(blocked);
        Coroutine before = Coroutine.Spawn(async () => hasBegun ? 0 : await device.ReadByteAsync());
        await Settle();
        byte[] buffer = [0xEE, 0xEE];
        Coroutine reader = Coroutine.Spawn(async () => await device.ReadAsync(buffer));
        await Settle();
        _begun.Wait();
        await reader.KillAsync();
        Assert.Equal(CoroutineState.Killed, reader.State);
        _gate.Set();
        await before;
        await device.WriteByteAsync(9);
        Assert.Equal([blocked, "40 write 09"], _fake.Log);
        Assert.Equal([0xEE, 0xEE], buffer);
    });

    [Fact]
    public void Who_is_killed_when_the_transfer_has_ended_and_before_he_runs_gets_nothing() => Run(async device =>
    {
        _fake.OnTransfer = BlockAt("40 read 2");
        byte[] buffer = [0xEE, 0xEE];
        Coroutine reader = Coroutine.Spawn(async () => await device.ReadAsync(buffer));
        await Settle();
        _begun.Wait();
        _gate.Set();
        // Stands still until the turn of this, when what the first has to say is posted already. The kill is posted behind that.
        device.WriteByte(1);
        CoroutineScheduler.Current.Post(() => reader.Kill());
        await reader.JoinAsync();
        Assert.Equal(CoroutineState.Killed, reader.State);
        Assert.Equal([0xEE, 0xEE], buffer);
    });

    [Fact]
    public void Who_is_out_of_time_goes_on_and_his_buffer_is_left_alone() => BusRun.RunImpatiently(async () =>
    {
        using SprigI2cBus bus = new(_fake);
        SprigI2cDevice device = bus.CreateDevice(0x40);
        _fake.OnTransfer = BlockAt("40 read 2");
        byte[] buffer = [0xEE, 0xEE];
        Assert.False(await Deadline.TryRunAsync(TimeSpan.FromSeconds(1), async () => await device.ReadAsync(buffer)));
        using CancellationTokenSource cancellation = new();
        Coroutine waiting = Coroutine.Spawn(async () => await device.ReadAsync(buffer, cancellation.Token));
        await Settle();
        await cancellation.CancelAsync();
        var error = await Assert.ThrowsAsync<OperationCanceledException>(async () => await waiting);
        Assert.Equal(cancellation.Token, error.CancellationToken);
        _gate.Set();
        device.WriteByte(1);
        Assert.Equal([0xEE, 0xEE], buffer);
        Assert.Equal(["40 read 2", "40 write 01"], _fake.Log);
    });

    [Fact]
    public void Nobody_at_the_address_is_an_error_that_names_bus_and_address() => Run(async (bus, _) =>
    {
        using SprigI2cDevice absent = bus.CreateDevice(0x29);
        IOException error = await Assert.ThrowsAsync<IOException>(async () => await absent.ReadByteAsync());
        Assert.Equal(121, error.HResult);
        Assert.Contains("test bus, address 0x29: nobody answers", error.Message, StringComparison.Ordinal);
        Assert.Equal(error.Message, Assert.Throws<IOException>(() => absent.WriteByte(1)).Message);
        await absent.Lane.RunAsync(() => Assert.Equal(error.Message, Assert.Throws<IOException>(() => absent.ReadByte()).Message));
        _fake.ErrorNumber = 110;
        Assert.Contains("SCL or SDA", Assert.Throws<IOException>(() => absent.ReadByte()).Message, StringComparison.Ordinal);
        _fake.ErrorNumber = 19;
        Assert.Contains("unplugged", Assert.Throws<IOException>(() => absent.ReadByte()).Message, StringComparison.Ordinal);
        _fake.ErrorNumber = 4711;
        Assert.Contains("Error 4711", Assert.Throws<IOException>(() => absent.ReadByte()).Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Closed_while_who_asks_waits_for_his_turn_on_the_loop_it_says_so() => Run(async (bus, device) =>
    {
        Coroutine reader = Coroutine.Spawn(async () =>
        {
            for (int i = 0; i < 64; i++)
                await Coroutine.CheckpointAsync();
            await device.ReadByteAsync();
        });
        await Coroutine.Yield();
        bus.Dispose();
        ObjectDisposedException error = await Assert.ThrowsAsync<ObjectDisposedException>(async () => await reader);
        Assert.Equal("test bus, address 0x40", error.ObjectName);
    });

    [Fact]
    public async Task Outside_of_a_coroutine_the_coroutine_forms_say_so()
    {
        using SprigI2cBus bus = new(_fake);
        SprigI2cDevice device = bus.CreateDevice(0x40);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await device.ReadByteAsync());
        Assert.Empty(_fake.Log);
    }

    private Action<string> BlockAt(string what) => transfer =>
    {
        if (transfer != what)
            return;
        _begun.Set();
        _gate.Wait();
    };

    private static void Use(I2cDevice device)
    {
        device.WriteByte(3);
        Assert.Equal(3, device.ReadByte());
        Span<byte> two = stackalloc byte[2];
        device.Read(two);
        Assert.Equal([4, 5], two.ToArray());
        device.Write([1, 2]);
        device.WriteRead([7], two);
        Assert.Equal([7, 8], two.ToArray());
    }

    private static async Task Settle()
    {
        for (int i = 0; i < 3; i++)
            await Coroutine.Yield();
    }

    private void Run(Func<SprigI2cDevice, Task> main) => Run((_, device) => main(device));

    private void Run(Func<SprigI2cBus, SprigI2cDevice, Task> main)
    {
        BusRun.Run(async () =>
        {
            using SprigI2cBus bus = new(_fake, name: "test bus");
            await main(bus, bus.CreateDevice(0x40));
        });
        Assert.False(_fake.WasUsedByTwo);
        Assert.True(_fake.Closed.IsSet && !_fake.WasClosedInTransfer);
        Assert.Empty(_fake.OpenAddresses);
    }
}
