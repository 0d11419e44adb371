using Sprig.IO;
using Sprig.IO.Ports;
using Xunit;

namespace Sprig.Tests.IO;

public class FdStreamMembersTests
{
    [Fact]
    public void It_reads_and_writes_until_it_is_disposed_and_never_seeks()
    {
        PseudoTerminal terminal = PseudoTerminal.Open();
        Assert.True(terminal is { CanRead: true, CanWrite: true, CanSeek: false });
        Assert.Throws<NotSupportedException>(() => terminal.Length);
        Assert.Throws<NotSupportedException>(() => terminal.Position);
        Assert.Throws<NotSupportedException>(() => terminal.Position = 1);
        Assert.Throws<NotSupportedException>(() => terminal.Seek(0, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => terminal.SetLength(1));
        terminal.Flush();
        Assert.True(terminal.FlushAsync().IsCompletedSuccessfully);
        terminal.Dispose();
        Assert.True(terminal is { CanRead: false, CanWrite: false });
    }

    [Fact]
    public void The_synchronous_members_block_the_thread_outside_a_run()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        Thread writer = new(() => terminal.Write("abc"u8.ToArray(), 1, 2));
        writer.Start();
        byte[] buffer = new byte[8];
        int have = 0;
        while (have < 2)
            have += port.Read(buffer, have, 8 - have);
        writer.Join();
        Assert.Equal("bc"u8.ToArray(), buffer[..2]);
    }

    [Fact]
    public void A_synchronous_write_waits_for_room()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        const int Size = 100_000;
        Thread writer = new(() => port.Write(new byte[Size]));
        writer.Start();
        byte[] buffer = new byte[4096];
        int have = 0;
        while (have < Size)
            have += terminal.Read(buffer);
        writer.Join();
        Assert.Equal(Size, have);
    }

    [Fact]
    public void After_dispose_the_synchronous_members_are_errors()
    {
        PseudoTerminal terminal = PseudoTerminal.Open();
        terminal.Dispose();
        Assert.Throws<ObjectDisposedException>(() => terminal.Read(new byte[1]));
        Assert.Throws<ObjectDisposedException>(() => terminal.Write(new byte[1]));
    }

    [Fact]
    public void An_error_of_a_synchronous_member_names_the_device()
    {
        PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        terminal.Dispose();
        Assert.Contains(port.Device, Assert.Throws<IOException>(() => port.Read(new byte[1])).Message, StringComparison.Ordinal);
        Assert.Contains(port.Device, Assert.Throws<IOException>(() => port.Write(new byte[1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_forms_that_give_a_task_work_as_well() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        using (server)
        {
            byte[] buffer = new byte[8];
#pragma warning disable CA1835 // These forms are what is tested.
            Task<int> reading = server.ReadAsync(buffer, 2, 4, CancellationToken.None);
            await client.WriteAsync("abcdef"u8.ToArray(), 1, 3, CancellationToken.None);
#pragma warning restore CA1835
            Assert.Equal(3, await reading);
            Assert.Equal("\0\0bcd\0\0\0"u8.ToArray(), buffer);
        }
    });

    [Fact]
    public void Foreign_stream_code_runs_on_it() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (server)
        using (StreamReader reader = new(server))
        {
            await using (StreamWriter writer = new(client))
            {
                await writer.WriteLineAsync("a line");
                await writer.WriteAsync("the rest");
            }

            Assert.Equal("a line", await reader.ReadLineAsync());
            Assert.Equal("the rest", await reader.ReadToEndAsync());
        }
    });
}
