using System.Text.Json;
using Sprig.Cli.Demo.Reports;
using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Cli.Demo;

/// <summary>Sends each client a line of JSON a reading, from the newest on.</summary>
internal sealed class ReadingServer(SocketListener listener, ReadingFeed feed, DemoLog log, ThreadTally threads)
{
    private static readonly TimeSpan s_firstBackOff = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_longestBackOff = TimeSpan.FromSeconds(1);
    private long _answers;

    internal int Connected { get; private set; }

    internal long Clients { get; private set; }

    internal TcpReport ToReport() => new(Clients, _answers);

    /// <summary>The body of its coroutine: accepts, and spawns one a client.</summary>
    internal async Task RunAsync()
    {
        TimeSpan backOff = s_firstBackOff;
        while (true)
        {
            try
            {
                SocketStream client = await listener.AcceptAsync();
                backOff = s_firstBackOff;
                _ = Coroutine.Spawn(() => ServeAsync(client), new SpawnOptions { Name = $"client {client.Device}" });
            }
            catch (IOException e)
            {
                // Out of descriptors, say: the connection still waits; so do we.
                log.Say($"server: {e.Message}");
                await Coroutine.Sleep(backOff);
                backOff = TimeSpan.FromTicks(Math.Min(backOff.Ticks * 2, s_longestBackOff.Ticks));
            }
        }
    }

    private async Task ServeAsync(SocketStream client)
    {
        using SocketStream connection = client;
        Connected++;
        Clients++;
        log.Say($"server: {client.Device} has come");
        Coroutine drain = Coroutine.Spawn(() => DrainAsync(client), new SpawnOptions { Name = $"input of {client.Device}" });
        try
        {
            long seen = Math.Max(0, feed.Count - 1);
            while (true)
            {
                (Reading reading, seen) = await feed.NextAsync(seen);
                byte[] json = JsonSerializer.SerializeToUtf8Bytes(reading, ReadingContext.Default.Reading);
                await client.WriteAsync((byte[])[.. json, (byte)'\n']);
                _answers++;
                threads.Note();
            }
        }
        catch (IOException)
        {
            // It has gone; so have many before it.
        }
        finally
        {
            drain.Kill();
            Connected--;
            log.Say($"server: {client.Device} has gone");
        }
    }

    // Nothing is asked of clients, but what they send must not pile up. An end of their input is no end of their interest.
    private static async Task DrainAsync(SocketStream client)
    {
        byte[] buffer = new byte[256];
        try
        {
            while (await client.ReadAsync(buffer) > 0)
            {
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The writer sees it too.
        }
    }
}
