using Sprig.IO;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO;

public class FdStreamFairnessTests
{
    private const int Many = 5_000_000;

    [Fact]
    public void A_coroutine_on_an_always_readable_socket_does_not_starve_a_timer() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        using (server)
        {
            bool ticked = false;
            _ = Coroutine.Spawn(async () =>
            {
                await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
                ticked = true;
            });
            byte[] one = new byte[1];
            await client.WriteAsync(new byte[1000]);
            int reads = 0;
            for (; reads < Many && !ticked; reads++)
            {
                await client.WriteAsync(one);
                await server.ReadAsync(one);
            }

            Assert.True(ticked, $"No tick came within {reads} reads.");
        }
    });

    [Fact]
    public void Reads_that_need_not_wait_let_the_others_run_after_a_budget() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        using (server)
        {
            await client.WriteAsync(new byte[1001]);
            byte[] one = new byte[1];
            await server.ReadAsync(one);
            int turns = 0;
            Coroutine other = Coroutine.Spawn(async () =>
            {
                for (; turns < Many; turns++)
                    await Coroutine.Yield();
            });
            for (int i = 0; i < 1000; i++)
                Assert.Equal(1, await server.ReadAsync(one));
            Assert.InRange(turns, 10, 100);
            other.Kill();
        }
    });

    [Fact]
    public void Writes_that_need_not_wait_let_the_others_run_after_a_budget() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        using (server)
        {
            int turns = 0;
            Coroutine other = Coroutine.Spawn(async () =>
            {
                for (; turns < Many; turns++)
                    await Coroutine.Yield();
            });
            for (int i = 0; i < 1000; i++)
                await client.WriteAsync(new byte[1]);
            Assert.InRange(turns, 10, 100);
            other.Kill();
        }
    });
}
