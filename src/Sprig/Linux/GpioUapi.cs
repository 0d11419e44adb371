using System.Buffers.Binary;

namespace Sprig.Linux;

/// <summary>The GPIO character device, uAPI v2 (linux/gpio.h): the only file that sees its ioctls and structs. Layouts are
/// the same on arm, arm64 and x64; padding is zero.</summary>
/// <remarks>In masks bit i is the i-th line of the request, whatever its offset in the chip.</remarks>
internal static partial class GpioUapi
{
    internal const ulong Used = 1 << 0;
    internal const ulong ActiveLow = 1 << 1;
    internal const ulong Input = 1 << 2;
    internal const ulong Output = 1 << 3;
    internal const ulong RisingEdge = 1 << 4;
    internal const ulong FallingEdge = 1 << 5;
    internal const ulong OpenDrain = 1 << 6;
    internal const ulong OpenSource = 1 << 7;
    internal const ulong BiasPullUp = 1 << 8;
    internal const ulong BiasPullDown = 1 << 9;
    internal const ulong BiasDisabled = 1 << 10;
    internal const ulong ClockRealtime = 1 << 11;
    internal const ulong ClockHardware = 1 << 12;

    /// <summary>So many lines has a request, and so many attributes its configuration.</summary>
    internal const int MostLines = 64;
    internal const int MostAttributes = 10;

    internal const int EventSize = 48;
    internal const int RequestSize = 592;
    internal const int ConfigSize = 272;
    internal const int LineInfoSize = 256;
    internal const int LineChangeSize = 288;
    internal const int ChipInfoSize = 68;
    internal const int ValuesSize = 16;
    private const uint ChipInfoRequest = 0x8044B401;
    private const uint LineInfoRequest = 0xC100B405;
    private const uint WatchRequest = 0xC100B406;
    private const uint UnwatchRequest = 0xC004B40C;
    private const uint LineRequest = 0xC250B407;
    private const uint SetConfigRequest = 0xC110B40D;
    private const uint GetValuesRequest = 0xC010B40E;
    private const uint SetValuesRequest = 0xC010B40F;
    private const int NameSize = 32;
    private const uint FlagsAttribute = 1;
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

    internal static int GetLineInfo(int chip, int line, out LineInfo info) => AskLine(chip, LineInfoRequest, line, out info);

    /// <summary>From now on a read of this chip's descriptor gives the line's changes; also what the line is now.</summary>
    internal static int WatchLine(int chip, int line, out LineInfo info) => AskLine(chip, WatchRequest, line, out info);

    internal static int UnwatchLine(int chip, int line)
    {
        Span<byte> offset = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(offset, line);
        return Syscall.Ioctl(chip, UnwatchRequest, offset);
    }

    /// <summary>Asks for lines; their descriptor (blocking, close-on-exec), or minus errno.</summary>
    /// <param name="chip">The chip's descriptor.</param>
    /// <param name="request">As <see cref="FillRequest"/> has filled it.</param>
    internal static int RequestLines(int chip, Span<byte> request)
    {
        int result = Syscall.Ioctl(chip, LineRequest, request);
        return result < 0 ? result : BinaryPrimitives.ReadInt32LittleEndian(request[588..]);
    }

    /// <summary>Replaces the configuration of all lines of a request.</summary>
    /// <param name="lines">The request's descriptor.</param>
    /// <param name="config">As <see cref="FillConfig"/> has filled it.</param>
    internal static int SetConfig(int lines, Span<byte> config) => Syscall.Ioctl(lines, SetConfigRequest, config);

    internal static int GetValues(int lines, ulong mask, out ulong values)
    {
        Span<byte> both = stackalloc byte[ValuesSize];
        FillValues(both, mask, 0);
        int result = Syscall.Ioctl(lines, GetValuesRequest, both);
        values = BinaryPrimitives.ReadUInt64LittleEndian(both);
        return result;
    }

    internal static int SetValues(int lines, ulong mask, ulong values)
    {
        Span<byte> both = stackalloc byte[ValuesSize];
        FillValues(both, mask, values);
        return Syscall.Ioctl(lines, SetValuesRequest, both);
    }

    internal static void FillValues(Span<byte> both, ulong mask, ulong values)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(both, values);
        BinaryPrimitives.WriteUInt64LittleEndian(both[8..], mask);
    }

    private static int AskLine(int chip, uint request, int line, out LineInfo info)
    {
        Span<byte> both = stackalloc byte[LineInfoSize];
        both.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(both[64..], line);
        int result = Syscall.Ioctl(chip, request, both);
        info = ReadInfo(both);
        return result;
    }
}
