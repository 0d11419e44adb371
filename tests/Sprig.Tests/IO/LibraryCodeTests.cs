using Sprig.IO;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO;

/// <summary>Code that never heard of Sprig, and says ConfigureAwait(false) everywhere, on a stream of the loop.</summary>
public class LibraryCodeTests
{
    [Fact]
    public void What_wants_no_context_stays_on_the_loop_all_the_way_up() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        using (server)
        {
            int loop = Environment.CurrentManagedThreadId;
            Coroutine<int[]> reader = Coroutine.Spawn(() => OuterAsync(client));
            await IoLoop.UntilBlocked(reader);
            await server.WriteAsync(new byte[] { 1 });
            Assert.Equal([loop, loop, loop], await reader);
        }
    });

    private static async Task<int[]> OuterAsync(Stream stream)
    {
        int[] threads = await MiddleAsync(stream).ConfigureAwait(false);
        return [.. threads, Environment.CurrentManagedThreadId];
    }

    // A task in between: such continuations run inline only where no context is current, and go to the pool elsewhere.
    private static async Task<int[]> MiddleAsync(Stream stream)
    {
        int thread = await InnerAsync(stream).ConfigureAwait(false);
        return [thread, Environment.CurrentManagedThreadId];
    }

    private static async ValueTask<int> InnerAsync(Stream stream)
    {
        await stream.ReadAsync(new byte[8]).ConfigureAwait(false);
        return Environment.CurrentManagedThreadId;
    }
}
