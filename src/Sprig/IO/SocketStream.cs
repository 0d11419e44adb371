using System.Net;
using System.Net.Sockets;
using Sprig.Linux;
using Sprig.Polling;
using Sprig.Scheduling;

namespace Sprig.IO;

/// <summary>A connected stream socket (TCP, or Unix) as a <see cref="Stream"/> on the loop.</summary>
/// <remarks>A non-blocking <see cref="System.Net.Sockets.Socket"/> driven by the loop's own epoll: its asynchronous members,
/// which cost twice the CPU, are never used. See <see cref="FdStream"/> for the rules.</remarks>
public sealed class SocketStream : FdStream
{
    private static readonly TimeSpan s_untilRoom = TimeSpan.FromMilliseconds(10);

    internal SocketStream(Socket socket, string device)
        : base(device)
    {
        Socket = socket;
        socket.Blocking = false;
        if (socket.ProtocolType == ProtocolType.Tcp)
            socket.NoDelay = true;
    }

    /// <summary>The socket, for its options. Reading and writing belong to the stream.</summary>
    public Socket Socket { get; }

    private protected override int Descriptor => (int)Socket.Handle;

    /// <summary>Connects; the others run meanwhile. TCP sends small writes at once (NoDelay) unless you change it.</summary>
    /// <param name="endPoint">An <see cref="IPEndPoint"/> or a <see cref="UnixDomainSocketEndPoint"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">Refused, unreachable, timed out; the message names the peer.</exception>
    public static async ValueTask<SocketStream> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await TryConnectAsync(endPoint, cancellationToken) is { } stream)
                return stream;
            await Coroutine.Sleep(s_untilRoom);
        }
    }

    /// <summary>Says that nothing more will be written; the other end reads to the end of the stream, and may still write.</summary>
    /// <exception cref="IOException">The connection is broken already.</exception>
    public void ShutdownWrite()
    {
        try
        {
            Socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException e)
        {
            throw new IOException($"shut down {Device}: {e.Message}", e);
        }
    }

    private protected override int TryRead(Span<byte> buffer)
    {
        int count = Socket.Receive(buffer, SocketFlags.None, out SocketError error);
        return error == SocketError.Success ? count : ToErrno(error);
    }

    private protected override int TryWrite(ReadOnlySpan<byte> buffer)
    {
        int count = Socket.Send(buffer, SocketFlags.None, out SocketError error);
        return error == SocketError.Success ? count : ToErrno(error);
    }

    private protected override Exception ErrorOf(int errno, string action)
        => new IOException($"{action} {Device}: {new SocketException(errno).Message}", new SocketException(errno));

    private protected override void CloseDescriptor() => Socket.Dispose();

    // Only EAGAIN matters to the caller; the others keep the socket library's number, which ErrorOf takes back. It has -1
    // for what it has no name for, which must not be read as the count of one byte.
    internal static int ToErrno(SocketError error) => error switch
    {
        SocketError.WouldBlock => -Errno.EAGAIN,
        SocketError.SocketError => -Errno.EIO,
        _ => -(int)error,
    };

    /// <summary>Null where the listener's queue is full and the kernel will not tell when it has room: a Unix socket's.</summary>
    private static async ValueTask<SocketStream?> TryConnectAsync(EndPoint endPoint, CancellationToken token)
    {
        bool unix = endPoint is UnixDomainSocketEndPoint;
        Socket? socket = null;
        bool connected = false;
        try
        {
            socket = new Socket(endPoint.AddressFamily, SocketType.Stream, unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
            socket.Blocking = false;
            try
            {
                socket.Connect(endPoint);
            }
            catch (SocketException e) when (unix && e.SocketErrorCode is SocketError.WouldBlock)
            {
                return null;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                await FinishConnectAsync(socket, endPoint, token);
            }

            SocketStream stream = new(socket, endPoint.ToString()!);
            connected = true;
            return stream;
        }
        catch (SocketException e)
        {
            throw new IOException($"connect to {endPoint}: {e.Message}", e);
        }
        finally
        {
            if (!connected)
                socket?.Dispose();
        }
    }

    private static async ValueTask FinishConnectAsync(Socket socket, EndPoint endPoint, CancellationToken token)
    {
        using FdWatcher watcher = CoroutineScheduler.Current.Reactor.Watch((int)socket.Handle, read: false, write: true, endPoint.ToString()!);
        await IoWait.UntilWritable(watcher, $"the connection to {endPoint}", token);
        int error = (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        if (error != 0)
            throw new SocketException(error);
    }
}
