using System.Runtime.CompilerServices;
using System.Text;

namespace Sprig.Linux;

/// <summary>The calls that send datagrams to Unix sockets, never waiting, with a descriptor attached or none.</summary>
internal static unsafe class UnixDatagrams
{
    private const int Family = 1;
    private const int DatagramType = 2;
    private const int LongestPath = 108;
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int SocketLevel = 1;
    private const int Rights = 1;

    /// <summary>A socket that is bound to no name, or minus errno.</summary>
    internal static int Open()
        => Syscall.Check(Libc.Socket(Family, DatagramType | Syscall.OpenNonBlocking | Syscall.OpenCloseOnExec, 0));

    /// <summary>A path, or an abstract name after '@', as the kernel's sockaddr_un; null where it is too long or empty.</summary>
    internal static byte[]? AddressOf(string name)
    {
        bool isAbstract = name.StartsWith('@');
        byte[] text = Encoding.UTF8.GetBytes(name);
        // A path ends with a zero; an abstract name begins with one, and its length tells where it ends.
        if (text.Length < (isAbstract ? 2 : 1) || text.Length > (isAbstract ? LongestPath : LongestPath - 1))
            return null;
        byte[] address = new byte[sizeof(ushort) + text.Length + (isAbstract ? 0 : 1)];
        address[0] = Family;
        text.CopyTo(address, sizeof(ushort));
        if (isAbstract)
            address[sizeof(ushort)] = 0;
        return address;
    }

    /// <summary>How many bytes were sent (all), or minus errno.</summary>
    /// <param name="socket">From <see cref="Open"/>.</param>
    /// <param name="address">From <see cref="AddressOf"/>.</param>
    /// <param name="message">What is sent.</param>
    /// <param name="attached">A descriptor that the receiver gets a duplicate of; -1: none.</param>
    internal static int Send(int socket, ReadOnlySpan<byte> address, ReadOnlySpan<byte> message, int attached = -1)
    {
        // cmsghdr: size_t length, int level, int type; then the descriptor. The whole is a multiple of a word, on each processor.
        int head = sizeof(nuint) + 2 * sizeof(int);
        byte* control = stackalloc byte[head + sizeof(nuint)];
        Unsafe.WriteUnaligned(control, (nuint)(head + sizeof(int)));
        Unsafe.WriteUnaligned(control + sizeof(nuint), SocketLevel);
        Unsafe.WriteUnaligned(control + sizeof(nuint) + sizeof(int), Rights);
        Unsafe.WriteUnaligned(control + head, attached);
        fixed (byte* to = address)
        fixed (byte* text = message)
        {
            Libc.Piece piece = new() { Start = text, Length = (nuint)message.Length };
            Libc.MessageHeader header = new() { Address = to, AddressLength = address.Length, Pieces = &piece, PieceCount = 1 };
            if (attached >= 0)
            {
                header.Control = control;
                header.ControlLength = (nuint)(head + sizeof(nuint));
            }

            int result;
            do result = Syscall.Check((int)Libc.SendMessage(socket, &header, DontWait | NoSignal));
            while (result == -Errno.EINTR);
            return result;
        }
    }
}
