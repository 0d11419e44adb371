using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Sprig.Polling;
using Sprig.Scheduling;

namespace Sprig.IO;

/// <summary>Accepts connections of a stream socket (TCP, or Unix) on the loop.</summary>
/// <remarks>One coroutine accepts at a time. Loop thread only.</remarks>
public sealed class SocketListener : IDisposable
{
    private readonly Socket _socket;
    private readonly string _name;
    private readonly string _wait;
    private FdWatcher? _watcher;
    private bool _disposed;

    private SocketListener(Socket socket)
    {
        _socket = socket;
        _name = $"listener on {socket.LocalEndPoint}";
        _wait = $"a connection to {socket.LocalEndPoint}";
    }

    /// <summary>Where it listens; with the port that the system chose, where port 0 was asked for.</summary>
    public EndPoint LocalEndPoint => _socket.LocalEndPoint!;

    /// <summary>Binds and listens.</summary>
    /// <param name="endPoint">An <see cref="IPEndPoint"/> (port 0: any free one) or a <see cref="UnixDomainSocketEndPoint"/>.</param>
    /// <param name="backlog">How many connections may wait to be accepted.</param>
    /// <exception cref="IOException">The port is in use, or not yours to take (below 1024).</exception>
    public static SocketListener Listen(EndPoint endPoint, int backlog = 512)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        Socket? socket = null;
        try
        {
            socket = new Socket(endPoint.AddressFamily, SocketType.Stream, endPoint is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp);
            socket.Blocking = false;
            socket.Bind(endPoint);
            socket.Listen(backlog);
            return new SocketListener(socket);
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            throw new IOException(Explain(endPoint, e), e);
        }
        catch
        {
            socket?.Dispose();
            throw;
        }
    }

    /// <summary>Waits for a connection and takes it.</summary>
    /// <exception cref="IOException">No descriptors are left (EMFILE): close some, wait, try again; the connection still waits.</exception>
    /// <exception cref="ObjectDisposedException">The listener was closed.</exception>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<SocketStream> AcceptAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        FdWatcher watcher = Watch();
        watcher.ThrowIfReading();
        watcher.IsReading = true;
        try
        {
            if (IoWait.MustPause(CoroutineScheduler.Current))
                await IoWait.Turn();
            while (true)
            {
                // Asked first, since Accept says "would block" by an exception alone.
                if (watcher.MayRead && _socket.Poll(0, SelectMode.SelectRead))
                {
                    if (TryAccept() is { } connection)
                        return connection;
                    continue;
                }

                watcher.ReadWouldBlock();
                await IoWait.UntilReadable(watcher, _wait, cancellationToken);
            }
        }
        finally
        {
            watcher.IsReading = false;
        }
    }

    /// <summary>Stops listening; who waits in <see cref="AcceptAsync"/> gets <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        _disposed = true;
        _watcher?.Dispose();
        _socket.Dispose();
    }

    private FdWatcher Watch()
    {
        // Asked here and not of the socket, which goes on giving its number when it is closed: a stranger's by then.
        ObjectDisposedException.ThrowIf(_disposed, this);
        CoroutineScheduler current = CoroutineScheduler.Current;
        if (!IoWait.Serves(_watcher, current))
            _watcher = current.Reactor.Watch((int)_socket.Handle, read: true, write: false, _name);
        return _watcher;
    }

    private SocketStream? TryAccept()
    {
        try
        {
            Socket socket = _socket.Accept();
            return new SocketStream(socket, PeerOf(socket));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.ConnectionAborted or SocketError.ConnectionReset)
        {
            // The peer went away between the poll and the accept.
            return null;
        }
        catch (SocketException e)
        {
            throw new IOException($"accept on {LocalEndPoint}: {e.Message}", e);
        }
    }

    private static string PeerOf(Socket socket)
        => socket.RemoteEndPoint?.ToString() is { Length: > 0 } peer ? peer : $"a peer of {socket.LocalEndPoint}";

    private static string Explain(EndPoint endPoint, SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => $"{endPoint} is in use by another program; choose another port, or 0 for any free one.",
        SocketError.AccessDenied => $"No permission to listen on {endPoint}: ports below 1024 are root's; choose one above.",
        SocketError.AddressNotAvailable => $"{endPoint} is no address of this machine.",
        _ => $"listen on {endPoint}: {e.Message}",
    };
}
