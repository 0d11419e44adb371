using Sprig.IO;
using Sprig.IO.Ports;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO;

public class FdStreamTests
{
    [Fact]
    public void What_is_written_at_one_end_is_read_at_the_other() => IoLoop.Run(async () =>
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        await terminal.WriteAsync("to the port"u8.ToArray());
        Assert.Equal("to the port"u8.ToArray(), await IoLoop.ReadExactly(port, 11));
        await port.WriteAsync("and back"u8.ToArray());
        Assert.Equal("and back"u8.ToArray(), await IoLoop.ReadExactly(terminal, 8));
    });

    [Fact]
    public void A_read_gives_what_is_there_and_leaves_the_rest_to_the_next() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        using (server)
        {
            await client.WriteAsync("abcde"u8.ToArray());
            byte[] two = new byte[2];
            Assert.Equal(2, await server.ReadAsync(two));
            Assert.Equal("ab"u8.ToArray(), two);
            byte[] many = new byte[100];
            Assert.Equal(3, await server.ReadAsync(many));
            Assert.Equal("cde"u8.ToArray(), many[..3]);
        }
    });

    [Fact]
    public void A_read_waits_for_the_first_byte_and_says_for_what() => IoLoop.Run(async () =>
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        for (byte i = 0; i < 5; i++)
        {
            byte[] buffer = new byte[10];
            Coroutine<int> reader = Coroutine.Spawn(() => port.ReadAsync(buffer));
            await IoLoop.UntilBlocked(reader);
            Assert.Equal($"data from {terminal.DevicePath}", reader.BlockedOn);
            await terminal.WriteAsync(new[] { i });
            Assert.Equal(1, await reader);
            Assert.Equal(i, buffer[0]);
        }
    });

    [Fact]
    public void Reading_nothing_waits_for_data_and_takes_none() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        using (server)
        {
            Coroutine<int> asker = Coroutine.Spawn(() => server.ReadAsync(Memory<byte>.Empty));
            await IoLoop.UntilBlocked(asker);
            await client.WriteAsync("x"u8.ToArray());
            Assert.Equal(0, await asker);
            Assert.Equal("x"u8.ToArray(), await IoLoop.ReadExactly(server, 1));
        }
    });

    [Fact]
    public void Writing_nothing_is_done_at_once() => IoLoop.Run(async () =>
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        ValueTask writing = terminal.WriteAsync(ReadOnlyMemory<byte>.Empty);
        Assert.True(writing.IsCompletedSuccessfully);
        await writing;
    });

    [Fact]
    public void A_second_reader_is_an_error_at_once_and_the_first_reads_on() => IoLoop.Run(async () =>
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        Coroutine<int> first = Coroutine.Spawn(() => port.ReadAsync(new byte[4]));
        await IoLoop.UntilBlocked(first);
        InvalidOperationException error = await IoLoop.Throws<InvalidOperationException>(async () => await port.ReadAsync(new byte[4]));
        Assert.Contains($"{terminal.DevicePath} already has a reader", error.Message, StringComparison.Ordinal);
        await terminal.WriteAsync("ok"u8.ToArray());
        Assert.Equal(2, await first);
    });

    [Fact]
    public void A_second_writer_is_an_error_at_once_and_the_first_writes_on() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        using (server)
        {
            const int Size = 16 << 20;
            Coroutine first = Coroutine.Spawn(() => client.WriteAsync(new byte[Size]));
            await IoLoop.UntilBlocked(first);
            Assert.StartsWith("room to write to ", first.BlockedOn, StringComparison.Ordinal);
            InvalidOperationException error = await IoLoop.Throws<InvalidOperationException>(async () => await client.WriteAsync(new byte[4]));
            Assert.Contains("already has a writer", error.Message, StringComparison.Ordinal);
            Assert.Equal(Size, (await IoLoop.ReadExactly(server, Size)).Length);
            await first;
        }
    });

    [Fact]
    public void A_reader_and_a_writer_may_wait_together() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        using (server)
        {
            const int Size = 16 << 20;
            Coroutine writer = Coroutine.Spawn(() => client.WriteAsync(new byte[Size]));
            Coroutine<int> reader = Coroutine.Spawn(() => client.ReadAsync(new byte[8]));
            await IoLoop.UntilBlocked(writer);
            await IoLoop.UntilBlocked(reader);
            await server.WriteAsync("hi"u8.ToArray());
            Assert.Equal(2, await reader);
            Assert.True(writer.IsAlive);
            await IoLoop.ReadExactly(server, Size);
            await writer;
        }
    });

    [Fact]
    public void Dispose_wakes_reader_and_writer_with_an_error() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (server)
        {
            Coroutine writer = Coroutine.Spawn(() => client.WriteAsync(new byte[16 << 20]));
            Coroutine<int> reader = Coroutine.Spawn(() => client.ReadAsync(new byte[8]));
            await IoLoop.UntilBlocked(writer);
            await IoLoop.UntilBlocked(reader);
            client.Dispose();
            client.Dispose();
            await IoLoop.Throws<ObjectDisposedException>(async () => await writer);
            await IoLoop.Throws<ObjectDisposedException>(async () => await reader);
            await IoLoop.Throws<ObjectDisposedException>(async () => await client.ReadAsync(new byte[1]));
            await IoLoop.Throws<ObjectDisposedException>(async () => await client.WriteAsync(new byte[1]));
        }
    });

    [Fact]
    public void Dispose_on_another_thread_wakes_the_reader_too() => IoLoop.Run(async () =>
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        Coroutine<int> reader = Coroutine.Spawn(() => port.ReadAsync(new byte[8]));
        await IoLoop.UntilBlocked(reader);
        await Task.Run(port.Dispose);
        await IoLoop.Throws<ObjectDisposedException>(async () => await reader);
    });

    [Fact]
    public void Outside_a_run_a_wait_is_an_error_that_says_so()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => { _ = terminal.ReadAsync(new byte[1]); });
        Assert.Contains("No scheduler runs", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => { _ = terminal.WriteAsync(new byte[1]); });
    }

    [Fact]
    public void It_serves_a_second_run_after_the_first_has_ended()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        for (int i = 0; i < 3; i++)
        {
            IoLoop.Run(async () =>
            {
                Coroutine<byte[]> reader = Coroutine.Spawn(() => IoLoop.ReadExactly(port, 3));
                await IoLoop.UntilBlocked(reader);
                await terminal.WriteAsync("abc"u8.ToArray());
                Assert.Equal("abc"u8.ToArray(), await reader);
            });
        }
    }

    [Fact]
    public void A_run_on_another_thread_may_not_use_it_meanwhile() => IoLoop.Run(async () =>
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        Coroutine<int> reader = Coroutine.Spawn(() => terminal.ReadAsync(new byte[1]));
        await IoLoop.UntilBlocked(reader);
        InvalidOperationException? error = null;
        await Task.Run(() => IoLoop.Run(async ()
            => error = await IoLoop.Throws<InvalidOperationException>(async () => await terminal.ReadAsync(new byte[1]))));
        Assert.Contains("another thread", error?.Message, StringComparison.Ordinal);
        await reader.KillAsync();
    });
}
