using Sprig.IO;
using Sprig.Supervision;

namespace Snippets.Guide;

/// <summary>The guide's pieces on groups, scopes and pools; each region is one fence.</summary>
internal static class Groups
{
    internal static async Task GroupAsync(IEnumerable<SocketStream> clients, Func<SocketStream, Task> serveAsync)
    {
        #region group
        CoroutineGroup connections = new("connections");
        foreach (SocketStream client in clients)
            _ = connections.Spawn(() => serveAsync(client));    // each leaves the group when it ends
        if (!await connections.JoinAsync(timeout: TimeSpan.FromSeconds(10)))
            await connections.KillAsync();
        #endregion
    }

    internal static async Task ScopeAsync(Func<Task> blinkAsync, Func<Task> pollAsync, Func<Task> untilPressedAsync)
    {
        #region scope
        await CoroutineScope.RunAsync(async scope =>
        {
            _ = scope.Spawn(blinkAsync);        // a child that fails kills its siblings, and interrupts this block
            _ = scope.Spawn(pollAsync);
            await untilPressedAsync();
            scope.Cancel();                     // ends the others; without it the scope waits for them
        });                                     // no child is left behind here
        #endregion
    }

    internal static async Task ReadyAsync(CoroutineScope scope, Func<SocketListener, Task> serveAsync)
    {
        #region ready
        int port = await scope.StartAsync<int>(async ready =>
        {
            using SocketListener listener = SocketListener.Listen(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
            ready.SetResult(((System.Net.IPEndPoint)listener.LocalEndPoint).Port);      // the caller goes on, and so does this
            await serveAsync(listener);
        });
        #endregion
        Console.WriteLine(port);
    }

    internal static async Task ShieldAsync(Func<Task> writeFileAsync)
    {
        #region shield
        // A kill or a deadline of the caller waits for the block, for two seconds at most.
        await Shield.RunAsync(writeFileAsync, grace: TimeSpan.FromSeconds(2));
        #endregion
    }

    internal static async Task PoolAsync(string[] addresses, Func<string, Task<string>> fetchAsync)
    {
        #region pool
        CoroutinePool pool = new(size: 3);
        await foreach (string page in pool.Map(addresses, fetchAsync))      // three at once, results in the order of the addresses
            Console.WriteLine(page);
        await foreach (string page in pool.MapEach(addresses, fetchAsync))  // as they come
            Console.WriteLine(page);
        PoolWork<string> work = pool.Submit(() => fetchAsync(addresses[0]));
        if (!work.Cancel())                                                 // true while it is pending, false once it runs
            Console.WriteLine(await work);
        Console.WriteLine(await pool.ApplyAsync(() => fetchAsync(addresses[1])));   // waits for a place, and for the result
        await pool.SpawnAsync(() => fetchAsync(addresses[1]));              // waits while the pool is full
        await pool.ShutdownAsync();
        #endregion
    }

    internal static async Task BlockingAsync(string path)
    {
        #region blocking
        string text = await BlockingPool.Default.RunAsync(() => File.ReadAllText(path));    // on a worker thread; back on the loop
        #endregion
        Console.WriteLine(text.Length);
    }
}
