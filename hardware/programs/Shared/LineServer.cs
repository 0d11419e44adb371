using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sprig.IO;
using Sprig.Scheduling;
using Sprig.Supervision;
using Sprig.Synchronization;

namespace Sprig.Programs;

/// <summary>Tells any client the newest value, and from then on each newer one, as a line of JSON. One that reads slowly misses those
/// between; one that reads nothing is cut off.</summary>
/// <param name="listener">Where clients connect.</param>
/// <param name="values">What they are told.</param>
/// <param name="json">How it is written.</param>
public sealed class LineServer<T>(SocketListener listener, Latest<T> values, JsonTypeInfo<T> json)
{
    private const int MostClients = 64;

    // Linux's name for it is TCP_USER_TIMEOUT, .NET has none.
    private const int TcpUserTimeout = 18;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_backOff = TimeSpan.FromSeconds(1);

    /// <summary>The body of its coroutine. More clients than 64 wait to be accepted.</summary>
    public async Task RunAsync()
    {
        CoroutinePool clients = new(MostClients);
        try
        {
            while (true)
                await AcceptAsync(clients);
        }
        finally
        {
            await clients.KillAsync();
        }
    }

    private async Task AcceptAsync(CoroutinePool clients)
    {
        try
        {
            SocketStream client = await listener.AcceptAsync();
            await clients.SpawnAsync(() => ServeAsync(client), new SpawnOptions { Name = client.Device });
        }
        catch (IOException e)
        {
            // Out of descriptors, say: the connection still waits; so do we.
            Log.Warn(e.Message);
            await Coroutine.Sleep(s_backOff);
        }
    }

    // What clients send is never read. The kernel takes a little of it, and then their writes wait.
    private async Task ServeAsync(SocketStream client)
    {
        using SocketStream connection = client;
        Log.Say($"{client.Device} has come");
        try
        {
            // One that has lost its power or its radio takes nothing and says nothing; unless told, the kernel tries for a quarter of an hour.
            client.Socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, TcpUserTimeout, BitConverter.GetBytes((int)s_patience.TotalMilliseconds));
            await foreach (T value in values)
            {
                using (Deadline.After(s_patience))
                    await client.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(value, json), (byte)'\n']);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or DeadlineExceededException)
        {
            Log.Say($"{client.Device} has gone");
        }
    }
}
