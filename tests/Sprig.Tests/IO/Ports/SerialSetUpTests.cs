using Sprig.IO.Ports;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO.Ports;

/// <summary>What is sent to a device that came back, before the others go on.</summary>
public class SerialSetUpTests
{
    [Fact]
    public void It_is_done_before_a_writer_that_waits_goes_on() => IoLoop.Run(async () =>
    {
        using UnpluggableDevice device = UnpluggableDevice.PluggedIn();
        using SerialPort port = device.Open(new ReopenPolicy { SetUp = async one => await one.WriteAsync("set up, "u8.ToArray()) });
        await LoseAsync(device, port);
        Coroutine reader = Coroutine.Spawn(async () => await port.ReadAsync(new byte[1]));
        await IoLoop.UntilBlocked(reader);
        Coroutine writer = Coroutine.Spawn(async () => await port.WriteAsync("work"u8.ToArray()));
        await IoLoop.UntilBlocked(writer);
        device.Plug();
        Assert.Equal("set up, work", await device.ReceiveAsync(12));
        await writer;
        await reader.KillAsync();
    });

    [Fact]
    public void It_may_wait_for_the_device_to_answer_while_a_reader_waits() => IoLoop.Run(async () =>
    {
        List<bool> connected = [];
        using UnpluggableDevice device = UnpluggableDevice.PluggedIn();
        using SerialPort port = device.Open(new ReopenPolicy
        {
            SetUp = async one =>
            {
                await one.WriteAsync("AT"u8.ToArray());
                Assert.Equal("OK"u8.ToArray(), await IoLoop.ReadExactly(one, 2));
                connected.Add(one.IsConnected);
            },
        });
        await LoseAsync(device, port);
        Coroutine<string?> reader = Coroutine.Spawn(() => port.ReadLineAsync());
        await IoLoop.UntilBlocked(reader);
        Coroutine writer = Coroutine.Spawn(async () => await port.WriteAsync("work"u8.ToArray()));
        device.Plug();
        Assert.Equal("AT", await device.ReceiveAsync(2));
        await device.SendAsync("OK");
        Assert.Equal("work", await device.ReceiveAsync(4));
        await device.SendAsync("line\n");
        Assert.Equal("line", await reader);
        await writer;
        Assert.Equal([false], connected);
    });

    [Fact]
    public void It_is_done_again_when_the_device_goes_meanwhile() => IoLoop.RunVirtually(async () =>
    {
        int runs = 0;
        using UnpluggableDevice device = UnpluggableDevice.PluggedIn();
        using SerialPort port = device.Open(new ReopenPolicy
        {
            SetUp = async one =>
            {
                if (++runs == 1)
                    device.Unplug();
                await IoLoop.ReadExactly(one, 1);
            },
        });
        await LoseAsync(device, port);
        Coroutine writer = Coroutine.Spawn(async () => await port.WriteAsync("work"u8.ToArray()));
        await IoLoop.UntilBlocked(writer);
        device.Plug();
        while (runs == 0)
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
        await Coroutine.Sleep(TimeSpan.FromSeconds(10));
        Assert.Equal((1, false), (runs, port.IsConnected));
        device.Plug();
        while (runs == 1)
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
        await device.SendAsync("x");
        await writer;
        Assert.Equal((2, 2), (runs, port.ReopenCount));
    });

    [Fact]
    public void What_it_throws_is_thrown_by_who_waits_and_the_next_one_tries_again() => IoLoop.RunVirtually(async () =>
    {
        int runs = 0;
        using UnpluggableDevice device = UnpluggableDevice.PluggedIn();
        using SerialPort port = device.Open(new ReopenPolicy { SetUp = _ => ++runs == 1 ? throw new InvalidDataException("no answer") : default });
        await LoseAsync(device, port);
        device.Plug();
        Assert.Equal("no answer", (await IoLoop.Throws<InvalidDataException>(async () => await port.WriteAsync(new byte[1]))).Message);
        Assert.False(port.IsConnected);
        await port.WriteAsync("work"u8.ToArray());
        Assert.Equal("work", await device.ReceiveAsync(4));
        Assert.Equal(2, runs);
    });

    [Fact]
    public void When_its_coroutine_is_killed_another_does_it_from_the_start() => IoLoop.RunVirtually(async () =>
    {
        int runs = 0;
        using UnpluggableDevice device = UnpluggableDevice.PluggedIn();
        using SerialPort port = device.Open(new ReopenPolicy
        {
            SetUp = async one =>
            {
                runs++;
                await IoLoop.ReadExactly(one, 1);
            },
        });
        await LoseAsync(device, port);
        Coroutine reader = Coroutine.Spawn(async () => await port.ReadAsync(new byte[1]));
        await IoLoop.UntilBlocked(reader);
        device.Plug();
        while (runs == 0)
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
        Coroutine writer = Coroutine.Spawn(async () => await port.WriteAsync("work"u8.ToArray()));
        await IoLoop.UntilBlocked(writer);
        await reader.KillAsync();
        while (runs == 1)
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
        await device.SendAsync("x");
        await writer;
        Assert.Equal("work", await device.ReceiveAsync(4));
    });

    [Fact]
    public void Closing_the_port_ends_it() => IoLoop.Run(async () =>
    {
        int runs = 0;
        using UnpluggableDevice device = UnpluggableDevice.PluggedIn();
        SerialPort port = device.Open(new ReopenPolicy
        {
            SetUp = async one =>
            {
                runs++;
                await IoLoop.ReadExactly(one, 1);
            },
        });
        await LoseAsync(device, port);
        Coroutine reader = Coroutine.Spawn(async () => await port.ReadAsync(new byte[1]));
        Coroutine writer = Coroutine.Spawn(async () => await port.WriteAsync(new byte[1]));
        device.Plug();
        while (runs == 0)
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
        port.Dispose();
        await IoLoop.Throws<ObjectDisposedException>(async () => await reader);
        await IoLoop.Throws<ObjectDisposedException>(async () => await writer);
    });

    private static async Task LoseAsync(UnpluggableDevice device, SerialPort port)
    {
        await port.WriteAsync(new byte[1]);
        await device.ReceiveAsync(1);
        await device.UnplugAndWaitAsync(port);
    }
}
