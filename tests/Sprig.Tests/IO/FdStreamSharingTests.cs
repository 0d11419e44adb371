using System.Net;
using Sprig.IO;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO;

/// <summary>Two of a kind at one descriptor, in the moment between the first one's waking and its running.</summary>
public class FdStreamSharingTests
{
    [Fact]
    public void A_second_read_takes_nothing_from_a_reader_that_is_woken_but_has_not_run() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using SocketStream near = client, far = server;
        byte[] got = new byte[3];
        Coroutine<int> first = Coroutine.Spawn(async () => await near.ReadAsync(got));
        await IoLoop.UntilBlocked(first);
        await far.WriteAsync("abc"u8.ToArray());
        await UntilReady(first);
        await IoLoop.Throws<InvalidOperationException>(async () => await near.ReadAsync(new byte[3]));
        Assert.Equal(3, await first);
        Assert.Equal("abc"u8.ToArray(), got);
    });

    [Fact]
    public void A_second_write_does_not_get_into_the_middle_of_the_first() => IoLoop.Run(async () =>
    {
        const int Length = 20_000_000;
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using SocketStream near = client, far = server;
        Coroutine first = Coroutine.Spawn(async () => await near.WriteAsync(new byte[Length]));
        await IoLoop.UntilBlocked(first);
        Coroutine<byte[]> reader = Coroutine.Spawn(() => IoLoop.ReadExactly(far, Length));
        await UntilReady(first);
        await IoLoop.Throws<InvalidOperationException>(async () => await near.WriteAsync(new byte[] { 1 }));
        await first;
        Assert.DoesNotContain((byte)1, await reader);
        await near.WriteAsync(new byte[] { 1 });
        Assert.Equal([1], await IoLoop.ReadExactly(far, 1));
    });

    [Fact]
    public void A_second_accept_takes_nothing_from_one_that_is_woken_but_has_not_run() => IoLoop.Run(async () =>
    {
        using SocketListener listener = SocketListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        Coroutine<SocketStream> first = Coroutine.Spawn(async () => await listener.AcceptAsync());
        await IoLoop.UntilBlocked(first);
        Coroutine<SocketStream> client = Coroutine.Spawn(async () => await SocketStream.ConnectAsync(listener.LocalEndPoint));
        await UntilReady(first);
        await IoLoop.Throws<InvalidOperationException>(async () => await listener.AcceptAsync());
        (await first).Dispose();
        (await client).Dispose();
    });

    // This coroutine stands before it in the ready ring, since it was there when the event came.
    private static async Task UntilReady(Coroutine coroutine)
    {
        while (coroutine.State == CoroutineState.Blocked)
            await Coroutine.Yield();
        Assert.Equal(CoroutineState.Ready, coroutine.State);
    }
}
