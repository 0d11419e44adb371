using System.Net;
using Sprig.IO;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO;

public class SocketListenerTests
{
    private static readonly IPEndPoint s_anyPort = new(IPAddress.Loopback, 0);

    [Fact]
    public void Port_0_is_answered_with_the_port_that_was_chosen() => IoLoop.Run(async () =>
    {
        using SocketListener listener = SocketListener.Listen(s_anyPort);
        Assert.NotEqual(0, ((IPEndPoint)listener.LocalEndPoint).Port);
        using SocketStream client = await SocketStream.ConnectAsync(listener.LocalEndPoint);
    });

    [Fact]
    public void It_accepts_several_connections_those_that_wait_and_those_that_come() => IoLoop.Run(async () =>
    {
        using SocketListener listener = SocketListener.Listen(s_anyPort);
        for (byte i = 0; i < 3; i++)
        {
            using SocketStream waiting = await SocketStream.ConnectAsync(listener.LocalEndPoint);
            using SocketStream accepted = await listener.AcceptAsync();
            Assert.Equal(waiting.Socket.LocalEndPoint!.ToString(), accepted.Device);
            await waiting.WriteAsync(new[] { i });
            Assert.Equal([i], await IoLoop.ReadExactly(accepted, 1));

            Coroutine<SocketStream> acceptor = Coroutine.Spawn(() => listener.AcceptAsync());
            await IoLoop.UntilBlocked(acceptor);
            Assert.Equal($"a connection to {listener.LocalEndPoint}", acceptor.BlockedOn);
            using SocketStream coming = await SocketStream.ConnectAsync(listener.LocalEndPoint);
            using SocketStream taken = await acceptor;
        }
    });

    [Fact]
    public void Connections_are_queued_up_to_the_backlog() => IoLoop.Run(async () =>
    {
        using SocketListener listener = SocketListener.Listen(s_anyPort);
        List<SocketStream> all = [];
        for (int i = 0; i < 100; i++)
            all.Add(await SocketStream.ConnectAsync(listener.LocalEndPoint));
        for (int i = 0; i < 100; i++)
            all.Add(await listener.AcceptAsync());
        all.ForEach(stream => stream.Dispose());
    });

    [Fact]
    public void A_port_in_use_says_so()
    {
        using SocketListener first = SocketListener.Listen(s_anyPort);
        IOException error = Assert.Throws<IOException>(() => SocketListener.Listen(first.LocalEndPoint));
        Assert.Equal($"{first.LocalEndPoint} is in use by another program; choose another port, or 0 for any free one.", error.Message);
    }

    [Fact]
    public void An_address_of_another_machine_says_so()
    {
        IPEndPoint elsewhere = new(IPAddress.Parse("192.0.2.1"), 0);
        IOException error = Assert.Throws<IOException>(() => SocketListener.Listen(elsewhere));
        Assert.Equal("192.0.2.1:0 is no address of this machine.", error.Message);
    }

    [Fact]
    public void Dispose_wakes_who_waits_for_a_connection() => IoLoop.Run(async () =>
    {
        SocketListener listener = SocketListener.Listen(s_anyPort);
        Coroutine<SocketStream> acceptor = Coroutine.Spawn(() => listener.AcceptAsync());
        await IoLoop.UntilBlocked(acceptor);
        listener.Dispose();
        listener.Dispose();
        await IoLoop.Throws<ObjectDisposedException>(async () => await acceptor);
        await IoLoop.Throws<ObjectDisposedException>(async () => await listener.AcceptAsync());
    });

    [Fact]
    public void Accepting_after_dispose_is_an_error_also_when_nobody_accepted_before() => IoLoop.Run(async () =>
    {
        SocketListener listener = SocketListener.Listen(s_anyPort);
        listener.Dispose();
        // Whoever gets the number of the closed socket must not be disturbed.
        using PseudoTerminal stranger = PseudoTerminal.Open();
        await IoLoop.Throws<ObjectDisposedException>(async () => await listener.AcceptAsync());
        await stranger.WriteAsync(new byte[1]);
    });

    [Fact]
    public void A_second_acceptor_is_an_error_at_once() => IoLoop.Run(async () =>
    {
        using SocketListener listener = SocketListener.Listen(s_anyPort);
        Coroutine<SocketStream> first = Coroutine.Spawn(() => listener.AcceptAsync());
        await IoLoop.UntilBlocked(first);
        await IoLoop.Throws<InvalidOperationException>(async () => await listener.AcceptAsync());
        using SocketStream client = await SocketStream.ConnectAsync(listener.LocalEndPoint);
        using SocketStream server = await first;
    });

    [Fact]
    public void A_killed_acceptor_leaves_the_connection_to_the_next() => IoLoop.Run(async () =>
    {
        using SocketListener listener = SocketListener.Listen(s_anyPort);
        Coroutine<SocketStream> killed = Coroutine.Spawn(() => listener.AcceptAsync());
        await IoLoop.UntilBlocked(killed);
        Coroutine<SocketStream> connecting = Coroutine.Spawn(() => SocketStream.ConnectAsync(listener.LocalEndPoint));
        await killed.KillAsync();
        using SocketStream client = await connecting;
        using SocketStream server = await listener.AcceptAsync();
        Assert.Equal(CoroutineState.Killed, killed.State);
    });

    [Fact]
    public void A_token_ends_the_wait_for_a_connection() => IoLoop.Run(async () =>
    {
        using SocketListener listener = SocketListener.Listen(s_anyPort);
        using CancellationTokenSource source = new();
        Coroutine<SocketStream> acceptor = Coroutine.Spawn(() => listener.AcceptAsync(source.Token));
        await IoLoop.UntilBlocked(acceptor);
        await source.CancelAsync();
        await IoLoop.Throws<OperationCanceledException>(async () => await acceptor);
        await IoLoop.Throws<OperationCanceledException>(async () => await listener.AcceptAsync(source.Token));
    });

    [Fact]
    public void Fifty_connections_are_echoed() => IoLoop.Run(async () =>
    {
        using SocketListener listener = SocketListener.Listen(s_anyPort);
        Coroutine server = Coroutine.Spawn(async () =>
        {
            while (true)
            {
                SocketStream connection = await listener.AcceptAsync();
                _ = Coroutine.Spawn(() => EchoAsync(connection));
            }
        });
        Coroutine<int>[] clients = [.. Enumerable.Range(0, 50).Select(i => Coroutine.Spawn(() => AskAsync(listener.LocalEndPoint, i)))];
        foreach (Coroutine<int> client in clients)
            Assert.Equal(20, await client);
        await server.KillAsync();
    });

    [Fact]
    public void It_serves_a_second_run_after_the_first_has_ended()
    {
        using SocketListener listener = SocketListener.Listen(s_anyPort);
        for (int i = 0; i < 2; i++)
        {
            IoLoop.Run(async () =>
            {
                using SocketStream client = await SocketStream.ConnectAsync(listener.LocalEndPoint);
                using SocketStream server = await listener.AcceptAsync();
            });
        }
    }

    [Fact]
    public void A_run_on_another_thread_may_not_use_it_meanwhile() => IoLoop.Run(async () =>
    {
        using SocketListener listener = SocketListener.Listen(s_anyPort);
        Coroutine<SocketStream> acceptor = Coroutine.Spawn(() => listener.AcceptAsync());
        await IoLoop.UntilBlocked(acceptor);
        InvalidOperationException? error = null;
        await Task.Run(() => IoLoop.Run(async ()
            => error = await IoLoop.Throws<InvalidOperationException>(async () => await listener.AcceptAsync())));
        Assert.Contains("another thread", error?.Message, StringComparison.Ordinal);
        await acceptor.KillAsync();
    });

    private static async Task EchoAsync(SocketStream connection)
    {
        using (connection)
        {
            byte[] buffer = new byte[256];
            int count;
            while ((count = await connection.ReadAsync(buffer)) > 0)
                await connection.WriteAsync(buffer.AsMemory(0, count));
        }
    }

    private static async Task<int> AskAsync(EndPoint server, int number)
    {
        using SocketStream stream = await SocketStream.ConnectAsync(server);
        int right = 0;
        for (int i = 0; i < 20; i++)
        {
            byte[] question = [(byte)number, (byte)i];
            await stream.WriteAsync(question);
            byte[] answer = await IoLoop.ReadExactly(stream, 2);
            if (question.AsSpan().SequenceEqual(answer))
                right++;
        }

        return right;
    }
}
