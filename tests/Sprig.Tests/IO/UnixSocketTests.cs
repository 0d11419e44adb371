using System.Net.Sockets;
using Sprig.IO;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO;

public sealed class UnixSocketTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"sprig-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void It_is_listened_to_and_connected_to_by_its_path() => IoLoop.Run(async () =>
    {
        UnixDomainSocketEndPoint endPoint = new(_path);
        using SocketListener listener = SocketListener.Listen(endPoint);
        using SocketStream client = await SocketStream.ConnectAsync(endPoint);
        using SocketStream server = await listener.AcceptAsync();
        Assert.Equal(_path, client.Device);
        Assert.Contains(_path, server.Device, StringComparison.Ordinal);
        await client.WriteAsync("hello"u8.ToArray());
        Assert.Equal("hello"u8.ToArray(), await IoLoop.ReadExactly(server, 5));
        client.ShutdownWrite();
        Assert.Equal(0, await server.ReadAsync(new byte[1]));
    });

    [Fact]
    public void A_path_where_nobody_listens_is_an_error_that_names_it() => IoLoop.Run(async () =>
    {
        IOException error = await IoLoop.Throws<IOException>(async () => await SocketStream.ConnectAsync(new UnixDomainSocketEndPoint(_path)));
        Assert.StartsWith($"connect to {_path}: ", error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_path_in_use_says_so()
    {
        using SocketListener first = SocketListener.Listen(new UnixDomainSocketEndPoint(_path));
        IOException error = Assert.Throws<IOException>(() => SocketListener.Listen(new UnixDomainSocketEndPoint(_path)));
        Assert.StartsWith($"{_path} is in use", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_queue_of_the_listener_makes_the_connection_wait() => IoLoop.Run(async () =>
    {
        UnixDomainSocketEndPoint endPoint = new(_path);
        using SocketListener listener = SocketListener.Listen(endPoint, backlog: 1);
        Coroutine<SocketStream>[] clients = [.. Enumerable.Range(0, 4).Select(_ => Coroutine.Spawn(() => SocketStream.ConnectAsync(endPoint)))];
        await IoLoop.UntilBlocked(clients[^1]);
        for (byte i = 0; i < clients.Length; i++)
        {
            using SocketStream server = await listener.AcceptAsync();
            await server.WriteAsync(new[] { i });
        }

        HashSet<byte> greetings = [];
        foreach (Coroutine<SocketStream> connecting in clients)
        {
            using SocketStream client = await connecting;
            greetings.Add((await IoLoop.ReadExactly(client, 1))[0]);
        }

        Assert.Equal(clients.Length, greetings.Count);
    });
}
