using System.Net;
using System.Net.Sockets;
using Sprig.IO;
using Sprig.IO.Ports;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO;

[Collection(DescriptorsCollection.Name)]
public class DescriptorTests
{
    private static readonly IPEndPoint s_anyPort = new(IPAddress.Loopback, 0);

    [Fact]
    public void Opening_what_is_no_serial_port_leaks_nothing()
        => AssertLeaksNothing(() => Assert.Throws<IOException>(() => SerialPort.Open("/dev/null")));

    [Fact]
    public void Settings_that_are_refused_leak_nothing()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        AssertLeaksNothing(() => Assert.Throws<IOException>(() => SerialPort.Open(terminal.DevicePath, new SerialSettings { DataBits = 7 })));
    }

    [Fact]
    public void A_port_that_another_has_and_one_that_refuses_a_setting_leak_nothing()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using PseudoTerminal other = PseudoTerminal.Open();
        using SerialPort holder = SerialPort.Open(other.DevicePath);
        SerialSettings refused = new() { Rs485 = new Rs485Settings() };
        AssertLeaksNothing(() =>
        {
            Assert.Throws<IOException>(() => SerialPort.Open(terminal.DevicePath, refused));
            Assert.Throws<IOException>(() => SerialPort.Open(other.DevicePath));
            using SerialPort port = new(terminal.DevicePath);
            port.Open();
            Assert.Throws<IOException>(() => port.DataBits = 7);
        });
    }

    [Fact]
    public void Events_drains_and_threads_that_block_in_a_port_leak_nothing()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        AssertLeaksNothing(() => IoLoop.Run(async () =>
        {
            using SerialPort port = new(terminal.DevicePath) { ReadTimeout = 1 };
            int told = 0;
            port.DataReceived += (sender, e) => told++;
            port.Open();
            await terminal.WriteAsync(new byte[1]);
            while (told == 0)
                await Coroutine.Sleep(TimeSpan.FromMicroseconds(100));
            Assert.Equal(0, port.ReadByte());
            Assert.Throws<TimeoutException>(() => port.ReadByte());
            await port.DrainAsync();
        }));
    }

    [Fact]
    public void Opening_what_is_no_chip_leaks_nothing()
        => AssertLeaksNothing(() => Assert.Throws<IOException>(() => GpioChip.Open("/dev/null")));

    [Fact]
    public void A_port_in_use_leaks_nothing()
    {
        using SocketListener first = SocketListener.Listen(s_anyPort);
        AssertLeaksNothing(() => Assert.Throws<IOException>(() => SocketListener.Listen(first.LocalEndPoint)));
    }

    [Fact]
    public void A_refused_connection_leaks_nothing()
    {
        IPEndPoint nobody;
        using (SocketListener listener = SocketListener.Listen(s_anyPort))
            nobody = (IPEndPoint)listener.LocalEndPoint;
        AssertLeaksNothing(() => IoLoop.Run(async () => await IoLoop.Throws<IOException>(async () => await SocketStream.ConnectAsync(nobody))));
    }

    [Fact]
    public void A_connection_that_was_given_up_leaks_nothing()
        => AssertLeaksNothing(() => IoLoop.Run(async () =>
        {
            // Nobody answers there: the address is for documentation. Where there is no route, it fails at once.
            Coroutine<SocketStream> connecting = Coroutine.Spawn(() => SocketStream.ConnectAsync(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 9)));
            await Coroutine.Yield();
            await connecting.KillAsync();
            _ = connecting.Exception;
        }));

    [Fact]
    public void What_was_disposed_is_closed()
        => AssertLeaksNothing(() => IoLoop.Run(async () =>
        {
            using PseudoTerminal terminal = PseudoTerminal.Open();
            using SerialPort port = SerialPort.Open(terminal.DevicePath);
            using LineDouble line = new();
            (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
            await client.WriteAsync(new byte[1]);
            await server.ReadAsync(new byte[1]);
            await port.WriteAsync(new byte[1]);
            await terminal.ReadAsync(new byte[1]);
            line.Edges(1);
            await line.Input.WaitForEdgeAsync();
            client.Dispose();
            await server.DisposeAsync();
        }));

    [Fact]
    public void What_another_thread_disposed_is_closed()
        => AssertLeaksNothing(() => IoLoop.Run(async () =>
        {
            PseudoTerminal terminal = PseudoTerminal.Open();
            await terminal.WriteAsync(new byte[1]);
            await Task.Run(terminal.Dispose);
        }));

    [Fact]
    public void A_pseudo_terminal_that_finds_no_descriptor_says_so_and_leaks_nothing()
    {
        AssertLeaksNothing(() =>
        {
            using DescriptorLimit limit = new();
            IOException error = Assert.Throws<IOException>(PseudoTerminal.Open);
            Assert.StartsWith("open a pseudo-terminal: ", error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_serial_port_that_finds_no_descriptor_says_so()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using DescriptorLimit limit = new();
        IOException error = Assert.Throws<IOException>(() => SerialPort.Open(terminal.DevicePath));
        Assert.StartsWith($"open {terminal.DevicePath}: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_or_a_listener_that_finds_no_descriptor_says_so() => IoLoop.Run(async () =>
    {
        using SocketListener listener = SocketListener.Listen(s_anyPort);
        using DescriptorLimit limit = new();
        IOException error = await IoLoop.Throws<IOException>(async () => await SocketStream.ConnectAsync(listener.LocalEndPoint));
        Assert.StartsWith($"connect to {listener.LocalEndPoint}: ", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<IOException>(() => SocketListener.Listen(s_anyPort));
        Assert.StartsWith("listen on ", error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_connection_that_finds_no_descriptor_at_accept_waits_for_one() => IoLoop.Run(async () =>
    {
        using SocketListener listener = SocketListener.Listen(s_anyPort);
        using SocketStream client = await SocketStream.ConnectAsync(listener.LocalEndPoint);
        using (DescriptorLimit limit = new())
        {
            for (int i = 0; i < 3; i++)
            {
                IOException error = await IoLoop.Throws<IOException>(async () => await listener.AcceptAsync());
                Assert.StartsWith($"accept on {listener.LocalEndPoint}: ", error.Message, StringComparison.Ordinal);
                Assert.Equal(SocketError.TooManyOpenSockets, Assert.IsType<SocketException>(error.InnerException).SocketErrorCode);
            }

            limit.FreeOne();
            using SocketStream server = await listener.AcceptAsync();
            await client.WriteAsync("kept"u8.ToArray());
            Assert.Equal("kept"u8.ToArray(), await IoLoop.ReadExactly(server, 4));
        }
    });

    private static void AssertLeaksNothing(Action action)
    {
        // The first time loads what stays open for good; the runtime may open one or two of its own meanwhile.
        const int Times = 10;
        action();
        // What earlier tests have dropped is not to be closed in the midst of it.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        int before = DescriptorLimit.Count();
        for (int i = 0; i < Times; i++)
            action();
        int leaked = Directory.GetFileSystemEntries("/proc/self/fd").Length - before;
        Assert.True(leaked < Times, $"{leaked} more are open.");
    }
}
