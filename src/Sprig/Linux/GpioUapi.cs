using System.Buffers.Binary;
using System.Text;

namespace Sprig.Linux;

/// <summary>The GPIO character device, uAPI v2 (linux/gpio.h): the only file that sees its ioctls and structs. Layouts are
/// the same on arm, arm64 and x64; padding is zero.</summary>
internal static class GpioUapi
{
    internal const ulong Used = 1 << 0;
    internal const ulong ActiveLow = 1 << 1;
    internal const ulong Input = 1 << 2;
    internal const ulong Output = 1 << 3;
    internal const ulong RisingEdge = 1 << 4;
    internal const ulong FallingEdge = 1 << 5;
    internal const ulong BiasPullUp = 1 << 8;
    internal const ulong BiasPullDown = 1 << 9;
    internal const ulong BiasDisabled = 1 << 10;
    internal const int EventSize = 48;
    internal const int RequestSize = 592;
    internal const int LineInfoSize = 256;
    internal const int ChipInfoSize = 68;
    internal const int ValuesSize = 16;
    private const uint ChipInfoRequest = 0x8044B401;
    private const uint LineInfoRequest = 0xC100B405;
    private const uint LineRequest = 0xC250B407;
    private const uint GetValuesRequest = 0xC010B40E;
    private const uint SetValuesRequest = 0xC010B40F;
    private const int NameSize = 32;
    private const uint OutputValuesAttribute = 2;
    private const uint DebounceAttribute = 3;

    internal static int GetChipInfo(int chip, out string name, out string label, out int lines)
    {
        Span<byte> info = stackalloc byte[ChipInfoSize];
        info.Clear();
        int result = Syscall.Ioctl(chip, ChipInfoRequest, info);
        name = Text(info[..NameSize]);
        label = Text(info.Slice(32, NameSize));
        lines = BinaryPrimitives.ReadInt32LittleEndian(info[64..]);
        return result;
    }

    internal static int GetLineInfo(int chip, int line, out string name, out string consumer, out ulong flags)
    {
        Span<byte> info = stackalloc byte[LineInfoSize];
        info.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(info[64..], line);
        int result = Syscall.Ioctl(chip, LineInfoRequest, info);
        name = Text(info[..NameSize]);
        consumer = Text(info.Slice(32, NameSize));
        flags = BinaryPrimitives.ReadUInt64LittleEndian(info[72..]);
        return result;
    }

    /// <summary>Asks for one line; its descriptor (blocking, close-on-exec), or minus errno.</summary>
    /// <param name="chip">The chip's descriptor.</param>
    /// <param name="line">The line's offset in the chip.</param>
    /// <param name="consumer">Who holds it, as others will see; cut to 31 bytes.</param>
    /// <param name="flags">Direction, edges, bias.</param>
    /// <param name="level">The first level of an output.</param>
    /// <param name="debounceMicroseconds">0: none.</param>
    /// <param name="eventBuffer">How many edges the kernel keeps; 0: its default, 16.</param>
    internal static int RequestLine(int chip, int line, string consumer, ulong flags, bool level, uint debounceMicroseconds, int eventBuffer)
    {
        Span<byte> request = stackalloc byte[RequestSize];
        FillRequest(request, line, consumer, flags, level, debounceMicroseconds, eventBuffer);
        int result = Syscall.Ioctl(chip, LineRequest, request);
        return result < 0 ? result : BinaryPrimitives.ReadInt32LittleEndian(request[588..]);
    }

    internal static void FillRequest(Span<byte> request, int line, string consumer, ulong flags, bool level, uint debounceMicroseconds, int eventBuffer)
    {
        request.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(request, line);
        Encoding.UTF8.GetEncoder().Convert(consumer, request.Slice(256, NameSize - 1), flush: true, out _, out _, out _);
        Span<byte> config = request[288..560];
        BinaryPrimitives.WriteUInt64LittleEndian(config, flags);
        int attributes = 0;
        if ((flags & Output) != 0)
            WriteAttribute(config, attributes++, OutputValuesAttribute, level ? 1UL : 0);
        if (debounceMicroseconds != 0)
            WriteAttribute(config, attributes++, DebounceAttribute, debounceMicroseconds);
        BinaryPrimitives.WriteInt32LittleEndian(config[8..], attributes);
        BinaryPrimitives.WriteInt32LittleEndian(request[560..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(request[564..], eventBuffer);
    }

    internal static int GetLevel(int lineDescriptor, out bool level)
    {
        Span<byte> values = stackalloc byte[ValuesSize];
        FillValues(values, false);
        int result = Syscall.Ioctl(lineDescriptor, GetValuesRequest, values);
        level = (values[0] & 1) != 0;
        return result;
    }

    internal static int SetLevel(int lineDescriptor, bool level)
    {
        Span<byte> values = stackalloc byte[ValuesSize];
        FillValues(values, level);
        return Syscall.Ioctl(lineDescriptor, SetValuesRequest, values);
    }

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

    private static void WriteAttribute(Span<byte> config, int index, uint id, ulong value)
    {
        Span<byte> attribute = config.Slice(32 + index * 24, 24);
        BinaryPrimitives.WriteUInt32LittleEndian(attribute, id);
        BinaryPrimitives.WriteUInt64LittleEndian(attribute[8..], value);
        // The mask of the lines it is for, by their place in the request.
        BinaryPrimitives.WriteUInt64LittleEndian(attribute[16..], 1);
    }

    private static void FillValues(Span<byte> values, bool level)
    {
        values.Clear();
        values[0] = level ? (byte)1 : (byte)0;
        values[8] = 1;
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }
}
