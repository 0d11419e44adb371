using System.Buffers.Binary;

namespace Sprig.IO.Links;

/// <summary>What begins a session: who I am, whom I have heard, and how much I can take.</summary>
/// <param name="Sender">The sender's session id: drawn at random when it starts, never 0.</param>
/// <param name="Heard">The id of the receiver as the sender knows it; 0 when it knows none.</param>
/// <param name="Window">Bytes that the sender has room for.</param>
/// <param name="Asks">The sender is not sure yet that it was heard.</param>
internal readonly record struct LinkHello(uint Sender, uint Heard, int Window, bool Asks)
{
    /// <summary>Another version is not understood, and not answered.</summary>
    private const byte Version = 1;

    internal const int Size = 12;

    internal int Write(Span<byte> body)
    {
        body[0] = (byte)(LinkFlags.Hello | (Asks ? LinkFlags.Ask : LinkFlags.None));
        body[1] = Version;
        BinaryPrimitives.WriteUInt32LittleEndian(body[2..], Sender);
        BinaryPrimitives.WriteUInt32LittleEndian(body[6..], Heard);
        BinaryPrimitives.WriteUInt16LittleEndian(body[10..], (ushort)Window);
        return Size;
    }

    internal static bool TryRead(ReadOnlySpan<byte> body, out LinkHello hello)
    {
        hello = default;
        if (body.Length != Size || body[1] != Version)
            return false;
        hello = new LinkHello(
            BinaryPrimitives.ReadUInt32LittleEndian(body[2..]),
            BinaryPrimitives.ReadUInt32LittleEndian(body[6..]),
            BinaryPrimitives.ReadUInt16LittleEndian(body[10..]),
            ((LinkFlags)body[0] & LinkFlags.Ask) != 0);
        return hello.Sender != 0;
    }
}
