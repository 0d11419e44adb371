using System.Buffers.Binary;
using System.IO.Hashing;
using Sprig.IO.Framing;

namespace Sprig.IO.Links;

/// <summary>A body as it travels: CRC-32 behind it, COBS around both, a zero at the end.</summary>
/// <remarks>The CRC covers a key of 8 bytes too, which does not travel: whose frame it is and for whom. So frames of another
/// session, or one's own echo, look damaged, at the price of no byte.</remarks>
internal sealed class FrameCodec
{
    internal const int MaxBody = 512;
    private const int KeySize = 8;
    private const int CrcSize = 4;

    /// <summary>What a body of up to 249 bytes is longer by when it travels.</summary>
    internal const int Overhead = CrcSize + 2;

    /// <summary>The most that a body can become.</summary>
    internal const int MaxEncoded = MaxBody + CrcSize + 4;

    private static readonly FrameFormat s_format = FrameFormat.Cobs(MaxBody + CrcSize);

    private readonly byte[] _plain = new byte[KeySize + MaxEncoded];
    private readonly byte[] _encoded = new byte[MaxEncoded];
    private int _length;
    private bool _overlong;

    /// <summary>Where a body is written before <see cref="Encode"/>, and read after <see cref="Decode"/>.</summary>
    internal Span<byte> Body => _plain.AsSpan(KeySize, MaxBody);

    /// <summary>Encodes the first bytes of <see cref="Body"/>.</summary>
    /// <returns>The bytes written to the destination.</returns>
    internal int Encode(ulong key, int length, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_plain.AsSpan(KeySize + length), Crc(key, length));
        return s_format.Encode(_plain.AsSpan(KeySize, length + CrcSize), destination);
    }

    /// <summary>Takes bytes of the line up to the end of a frame.</summary>
    /// <param name="bytes">What was taken is cut off.</param>
    /// <param name="frame">The frame as it travelled, without its zero, when there is one.</param>
    /// <returns>False when no frame has ended yet, and all bytes were taken.</returns>
    internal bool TryTake(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> frame)
    {
        int zero = bytes.IndexOf((byte)0);
        ReadOnlySpan<byte> piece = zero < 0 ? bytes : bytes[..zero];
        bytes = zero < 0 ? default : bytes[(zero + 1)..];
        if (zero >= 0 && _length == 0 && !_overlong)
        {
            frame = piece;
            return true;
        }

        if (_length + piece.Length > MaxEncoded)
            _overlong = true;
        else
            piece.CopyTo(_encoded.AsSpan(_length));
        // An end that was lost must not let noise fill the memory: what is too long can be no frame.
        _length = _overlong ? 0 : _length + piece.Length;
        frame = _encoded.AsSpan(0, _overlong ? 1 : _length);
        if (zero < 0)
            return false;
        (_length, _overlong) = (0, false);
        return true;
    }

    /// <summary>Decodes a frame into <see cref="Body"/>.</summary>
    /// <returns>The body's length; minus one when it is damaged beyond what a CRC is asked about.</returns>
    internal int Decode(ReadOnlySpan<byte> frame)
    {
        if (frame.Length is <= CrcSize or > MaxEncoded - 1)
            return -1;
        Span<byte> plain = _plain.AsSpan(KeySize, frame.Length + 1);
        frame.CopyTo(plain);
        plain[^1] = 0;
        FrameStep step = s_format.Decode(plain, default);
        return step.Kind == FrameStep.StepKind.Frame && step.Length > CrcSize ? step.Length - CrcSize : -1;
    }

    /// <summary>Whether the decoded body was sent under this key.</summary>
    internal bool IsIntact(ulong key, int length)
        => BinaryPrimitives.ReadUInt32LittleEndian(_plain.AsSpan(KeySize + length)) == Crc(key, length);

    private uint Crc(ulong key, int length)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_plain, key);
        return Crc32.HashToUInt32(_plain.AsSpan(0, KeySize + length));
    }
}
