using System.Buffers.Binary;
using System.Text;

namespace Sprig.Linux;

/// <content>What the kernel answers, from its bytes.</content>
internal static partial class GpioUapi
{
    /// <summary>One <c>gpio_v2_line_event</c> of a buffer that a read has filled.</summary>
    internal static void ReadEvent(ReadOnlySpan<byte> buffer, int index, out long timestamp, out bool rising, out uint line, out uint sequence, out uint lineSequence)
    {
        ReadOnlySpan<byte> one = buffer.Slice(index * EventSize, EventSize);
        timestamp = BinaryPrimitives.ReadInt64LittleEndian(one);
        rising = BinaryPrimitives.ReadUInt32LittleEndian(one[8..]) == 1;
        line = BinaryPrimitives.ReadUInt32LittleEndian(one[12..]);
        sequence = BinaryPrimitives.ReadUInt32LittleEndian(one[16..]);
        lineSequence = BinaryPrimitives.ReadUInt32LittleEndian(one[20..]);
    }

    /// <summary>One <c>gpio_v2_line_info</c>.</summary>
    internal static LineInfo ReadInfo(ReadOnlySpan<byte> info)
    {
        int attributes = Math.Min(BinaryPrimitives.ReadInt32LittleEndian(info[68..]), MostAttributes);
        uint debounce = 0;
        for (int i = 0; i < attributes; i++)
        {
            ReadOnlySpan<byte> attribute = info.Slice(80 + i * 16, 16);
            if (BinaryPrimitives.ReadUInt32LittleEndian(attribute) == DebounceAttribute)
                debounce = BinaryPrimitives.ReadUInt32LittleEndian(attribute[8..]);
        }

        return new LineInfo(
            BinaryPrimitives.ReadInt32LittleEndian(info[64..]),
            Text(info[..NameSize]),
            Text(info.Slice(32, NameSize)),
            BinaryPrimitives.ReadUInt64LittleEndian(info[72..]),
            debounce);
    }

    /// <summary>One <c>gpio_v2_line_info_changed</c>; the kind: 1 requested, 2 released, 3 reconfigured.</summary>
    internal static LineInfo ReadChange(ReadOnlySpan<byte> change, out long timestamp, out uint kind)
    {
        timestamp = BinaryPrimitives.ReadInt64LittleEndian(change[256..]);
        kind = BinaryPrimitives.ReadUInt32LittleEndian(change[264..]);
        return ReadInfo(change);
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }

    /// <summary>What the kernel knows of a line.</summary>
    internal readonly record struct LineInfo(int Line, string Name, string Consumer, ulong Flags, uint DebounceMicroseconds);
}
