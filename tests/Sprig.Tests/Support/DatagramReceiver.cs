using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Sprig.Tests.Support;

/// <summary>Who gets datagrams: as systemd and its journal do, at a path or an abstract name. Takes attached files too.</summary>
internal sealed class DatagramReceiver : IDisposable
{
    private const int DontWait = 0x40;
    private const int Rights = 1;
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly string? _path;

    internal DatagramReceiver(bool isAbstract = false)
    {
        string name = $"sprig-test-{Guid.NewGuid():N}";
        _path = isAbstract ? null : Path.Combine(Path.GetTempPath(), name);
        Address = _path ?? $"@{name}";
        _socket.Bind(new UnixDomainSocketEndPoint(_path ?? $"\0{name}"));
    }

    internal string Address { get; }

    /// <summary>All that has come, as text; what came as an attached file begins with "file: ".</summary>
    internal string[] Take()
    {
        List<string> texts = [];
        while (TakeOne() is { } text)
            texts.Add(text);
        return [.. texts];
    }

    /// <summary>The next datagram's bytes, or its attached file's; null where there is none.</summary>
    internal byte[]? TakeBytes(out SafeFileHandle? file)
    {
        byte[] content = new byte[1 << 20];
        byte[] control = new byte[256];
        GCHandle pinnedContent = GCHandle.Alloc(content, GCHandleType.Pinned);
        GCHandle pinnedControl = GCHandle.Alloc(control, GCHandleType.Pinned);
        GCHandle piece = GCHandle.Alloc(new Piece { Start = pinnedContent.AddrOfPinnedObject(), Length = content.Length }, GCHandleType.Pinned);
        try
        {
            Header header = new()
            {
                Pieces = piece.AddrOfPinnedObject(),
                PieceCount = 1,
                Control = pinnedControl.AddrOfPinnedObject(),
                ControlLength = control.Length,
            };
            nint count = ReceiveMessage((int)_socket.Handle, ref header, DontWait);
            file = count < 0 || header.ControlLength == 0 ? null : FileIn(control);
            return file is not null ? ReadAll(file) : count < 0 ? null : content[..(int)count];
        }
        finally
        {
            piece.Free();
            pinnedControl.Free();
            pinnedContent.Free();
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        if (_path is not null)
            File.Delete(_path);
    }

    private string? TakeOne()
    {
        byte[]? bytes = TakeBytes(out SafeFileHandle? file);
        using (file)
            return bytes is null ? null : (file is null ? "" : "file: ") + Encoding.UTF8.GetString(bytes);
    }

    // A cmsghdr: length (a word), level, type, then the descriptor.
    private static SafeFileHandle FileIn(byte[] control)
    {
        if (BitConverter.ToInt32(control, nint.Size + sizeof(int)) != Rights)
            throw new InvalidOperationException("What is attached is no descriptor.");
        return new SafeFileHandle(BitConverter.ToInt32(control, nint.Size + 2 * sizeof(int)), ownsHandle: true);
    }

    private static byte[] ReadAll(SafeFileHandle file)
    {
        byte[] content = new byte[RandomAccess.GetLength(file)];
        RandomAccess.Read(file, content, 0);
        return content;
    }

    [DllImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static extern nint ReceiveMessage(int socket, ref Header header, int flags);

    private struct Header
    {
        internal nint Address;
        internal int AddressLength;
        internal nint Pieces;
        internal nint PieceCount;
        internal nint Control;
        internal nint ControlLength;
        internal int Flags;
    }

    private struct Piece
    {
        internal nint Start;
        internal nint Length;
    }
}
