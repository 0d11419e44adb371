using System.Net;
using System.Net.Sockets;
using Sprig.IO;
using Sprig.Linux;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO;

public class SocketStreamTests
{
    [Fact]
    public void A_refused_connection_is_an_error_that_names_the_peer() => IoLoop.Run(async () =>
    {
        IPEndPoint nobody;
        using (SocketListener listener = SocketListener.Listen(new IPEndPoint(IPAddress.Loopback, 0)))
            nobody = (IPEndPoint)listener.LocalEndPoint;
        IOException error = await IoLoop.Throws<IOException>(async () => await SocketStream.ConnectAsync(nobody));
        Assert.StartsWith($"connect to {nobody}: ", error.Message, StringComparison.Ordinal);
        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(error.InnerException).SocketErrorCode);
    });

    [Fact]
    public void A_reset_in_the_middle_of_a_read_is_an_error_that_names_the_peer() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        {
            Coroutine<int> reader = Coroutine.Spawn(() => client.ReadAsync(new byte[8]));
            await IoLoop.UntilBlocked(reader);
            Reset(server);
            IOException error = await IoLoop.Throws<IOException>(async () => await reader);
            Assert.StartsWith($"read {client.Device}: ", error.Message, StringComparison.Ordinal);
            Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(error.InnerException).SocketErrorCode);
        }
    });

    [Fact]
    public void A_reset_in_the_middle_of_a_write_is_an_error_that_names_the_peer() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        {
            Coroutine writer = Coroutine.Spawn(() => client.WriteAsync(new byte[16 << 20]));
            await IoLoop.UntilBlocked(writer);
            Reset(server);
            IOException error = await IoLoop.Throws<IOException>(async () => await writer);
            Assert.StartsWith($"write {client.Device}: ", error.Message, StringComparison.Ordinal);
        }
    });

    [Fact]
    public void Writing_to_who_has_gone_is_an_error_and_no_signal() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        {
            server.Dispose();
            await IoLoop.Throws<IOException>(async () =>
            {
                while (true)
                    await client.WriteAsync(new byte[1000]);
            });
        }
    });

    [Fact]
    public void After_half_a_close_the_other_end_reads_the_end_and_may_still_write() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        using (server)
        {
            await client.WriteAsync("question"u8.ToArray());
            client.ShutdownWrite();
            Assert.Equal("question"u8.ToArray(), await IoLoop.ReadExactly(server, 100));
            Assert.Equal(0, await server.ReadAsync(new byte[8]));
            await server.WriteAsync("answer"u8.ToArray());
            server.ShutdownWrite();
            Assert.Equal("answer"u8.ToArray(), await IoLoop.ReadExactly(client, 100));
            await IoLoop.Throws<IOException>(async () => await client.WriteAsync(new byte[1]));
        }
    });

    [Fact]
    public void Half_a_close_wakes_a_reader_that_waits() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        using (server)
        {
            Coroutine<int> reader = Coroutine.Spawn(() => server.ReadAsync(new byte[8]));
            await IoLoop.UntilBlocked(reader);
            client.ShutdownWrite();
            Assert.Equal(0, await reader);
        }
    });

    [Fact]
    public void An_end_that_comes_with_data_is_read_after_the_data() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        {
            // Registered, and asleep: data and end then come in one event.
            Coroutine<int> reader = Coroutine.Spawn(() => client.ReadAsync(new byte[100]));
            await IoLoop.UntilBlocked(reader);
            await server.WriteAsync("bye"u8.ToArray());
            server.Dispose();
            Assert.Equal(3, await reader);
            Assert.Equal(0, await client.ReadAsync(new byte[100]));
            Assert.Equal(0, await client.ReadAsync(new byte[100]));
        }
    });

    [Fact]
    public void A_mebibyte_goes_both_ways_at_once() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        using (server)
        {
            byte[] there = Pattern(1 << 20, 3), back = Pattern(1 << 20, 7);
            Coroutine sending = Coroutine.Spawn(() => client.WriteAsync(there));
            Coroutine answering = Coroutine.Spawn(() => server.WriteAsync(back));
            Coroutine<byte[]> got = Coroutine.Spawn(() => IoLoop.ReadExactly(server, there.Length));
            Coroutine<byte[]> gotBack = Coroutine.Spawn(() => IoLoop.ReadExactly(client, back.Length));
            Assert.Equal(there, await got);
            Assert.Equal(back, await gotBack);
            await sending;
            await answering;
        }
    });

    [Fact]
    public void Small_writes_of_tcp_go_at_once_unless_changed() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        using (server)
        {
            Assert.True(client.Socket.NoDelay);
            Assert.True(server.Socket.NoDelay);
            client.Socket.NoDelay = false;
        }
    });

    [Fact]
    public void A_connection_is_given_up_by_a_token() => IoLoop.Run(async () =>
    {
        await using Backlog full = await Backlog.Fill();
        using CancellationTokenSource source = new();
        Coroutine<SocketStream> connecting = Coroutine.Spawn(() => SocketStream.ConnectAsync(full.EndPoint, source.Token));
        await IoLoop.UntilBlocked(connecting);
        Assert.Equal($"the connection to {full.EndPoint}", connecting.BlockedOn);
        await source.CancelAsync();
        await IoLoop.Throws<OperationCanceledException>(async () => await connecting);
    });

    [Fact]
    public void A_connection_is_given_up_by_a_kill() => IoLoop.Run(async () =>
    {
        await using Backlog full = await Backlog.Fill();
        Coroutine<SocketStream> connecting = Coroutine.Spawn(() => SocketStream.ConnectAsync(full.EndPoint));
        await IoLoop.UntilBlocked(connecting);
        await connecting.KillAsync();
        Assert.Equal(CoroutineState.Killed, connecting.State);
    });

    [Fact]
    public void Every_error_of_the_socket_library_is_a_negative_number_and_would_block_is_none_but_itself()
    {
        foreach (SocketError error in Enum.GetValues<SocketError>().Where(error => error != SocketError.Success))
        {
            Assert.True(SocketStream.ToErrno(error) < 0, $"{error}");
            Assert.Equal(error == SocketError.WouldBlock, SocketStream.ToErrno(error) == -Errno.EAGAIN);
        }
    }

    private static void Reset(SocketStream stream)
    {
        stream.Socket.LingerState = new LingerOption(true, 0);
        stream.Dispose();
    }

    private static byte[] Pattern(int length, int step) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * step >> 4))];

    /// <summary>A listener that accepts nothing and whose queue is full: the handshake of one more never ends.</summary>
    private sealed class Backlog(SocketListener listener, List<Coroutine<SocketStream>> connections) : IAsyncDisposable
    {
        internal EndPoint EndPoint => listener.LocalEndPoint;

        internal static async Task<Backlog> Fill()
        {
            SocketListener listener = SocketListener.Listen(new IPEndPoint(IPAddress.Loopback, 0), backlog: 0);
            List<Coroutine<SocketStream>> connections = [];
            for (int i = 0; i < 8; i++)
                connections.Add(Coroutine.Spawn(() => SocketStream.ConnectAsync(listener.LocalEndPoint)));
            for (int i = 0; i < 10; i++)
                await Coroutine.Sleep(TimeSpan.FromMicroseconds(100));
            return new Backlog(listener, connections);
        }

        public async ValueTask DisposeAsync()
        {
            listener.Dispose();
            foreach (Coroutine<SocketStream> connection in connections)
            {
                if (connection.State == CoroutineState.Completed)
                    (await connection).Dispose();
                else
                    await connection.KillAsync();
                _ = connection.Exception;
            }
        }
    }
}
