using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Sprig.Linux;

/// <summary>An array of <c>struct epoll_event</c> in the layout that the kernel of this machine uses: 12 bytes, packed,
/// on x64 (so that 32-bit programs share it); 16 bytes, the cookie aligned to 8, on arm and arm64.</summary>
internal sealed class EpollEvents
{
    private readonly byte[] _bytes;
    private readonly int _cookieOffset;

    internal EpollEvents(int capacity)
        : this(capacity, packed: RuntimeInformation.ProcessArchitecture is Architecture.X64)
    {
    }

    internal EpollEvents(int capacity, bool packed)
    {
        _cookieOffset = packed ? 4 : 8;
        Stride = _cookieOffset + sizeof(ulong);
        // Pinned for life: the kernel writes into it while the thread sleeps.
        _bytes = GC.AllocateArray<byte>(capacity * Stride, pinned: true);
        Capacity = capacity;
    }

    internal int Capacity { get; }

    internal int Stride { get; }

    internal Span<byte> Bytes => _bytes;

    internal uint EventsAt(int index) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(index * Stride));

    internal ulong CookieAt(int index) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(index * Stride + _cookieOffset));

    internal void Set(int index, uint events, ulong cookie)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(index * Stride), events);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(index * Stride + _cookieOffset), cookie);
    }
}
