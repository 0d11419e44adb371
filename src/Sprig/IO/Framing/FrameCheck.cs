namespace Sprig.IO.Framing;

/// <summary>A check value behind a frame: a CRC, a checksum, or one of your own. <see cref="FrameFormat.WithCheck"/> puts it on
/// whatever format.</summary>
/// <remarks>Without state: one object may serve any number of readers and writers.</remarks>
public abstract class FrameCheck
{
    private const int LargestSize = 64;

    /// <summary>A check of so many bytes.</summary>
    /// <param name="size">1 to 64.</param>
    protected FrameCheck(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, LargestSize);
        Size = size;
    }

    /// <summary>CRC-32 as in Ethernet, zip and PNG, low byte first.</summary>
    public static FrameCheck Crc32 { get; } = new Crc32Check();

    /// <summary>How many bytes it adds.</summary>
    public int Size { get; }

    /// <summary>Writes the check value of <paramref name="frame"/>, in the order of bytes that it has on the line.</summary>
    /// <param name="frame">The frame without its check.</param>
    /// <param name="check"><see cref="Size"/> bytes.</param>
    public abstract void Write(ReadOnlySpan<byte> frame, Span<byte> check);

    /// <summary>Whether <paramref name="check"/> is the check value of <paramref name="frame"/>.</summary>
    public virtual bool Matches(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> check)
    {
        Span<byte> expected = stackalloc byte[Size];
        Write(frame, expected);
        return check.SequenceEqual(expected);
    }

    /// <summary>The same check with its bytes in the other order on the line.</summary>
    public FrameCheck Reversed() => new ReversedCheck(this);

    private sealed class ReversedCheck(FrameCheck check) : FrameCheck(check.Size)
    {
        public override void Write(ReadOnlySpan<byte> frame, Span<byte> value)
        {
            check.Write(frame, value);
            value[..Size].Reverse();
        }
    }

    private sealed class Crc32Check() : FrameCheck(sizeof(uint))
    {
        // System.IO.Hashing writes the low byte first.
        public override void Write(ReadOnlySpan<byte> frame, Span<byte> check) => System.IO.Hashing.Crc32.Hash(frame, check);
    }
}
