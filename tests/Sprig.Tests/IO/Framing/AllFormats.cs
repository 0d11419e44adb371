using Sprig.IO.Framing;
using Xunit;

namespace Sprig.Tests.IO.Framing;

/// <summary>Every format, and layers of them, for what must hold for all.</summary>
internal static class AllFormats
{
    internal const int MaxLength = 700;

    private static readonly TimeSpan s_gap = TimeSpan.FromMicroseconds(50);

    private static readonly Dictionary<string, FrameFormat> s_formats = new()
    {
        ["lines"] = FrameFormat.Lines(MaxLength),
        ["lines with CR LF"] = FrameFormat.Lines(MaxLength, crLf: true),
        ["delimited"] = FrameFormat.Delimited([0xAA, 0x55], MaxLength),
        ["length"] = FrameFormat.LengthPrefixed(null, MaxLength),
        ["length of 4, low first"] = FrameFormat.LengthPrefixed(new LengthPrefix { Size = 4, LowByteFirst = true, Adjustment = -4 }, MaxLength),
        ["varint"] = FrameFormat.VarintPrefixed(MaxLength),
        ["COBS"] = FrameFormat.Cobs(MaxLength),
        ["SLIP"] = FrameFormat.Slip(MaxLength),
        ["fixed"] = FrameFormat.Fixed(MaxLength),
        ["COBS with gap"] = FrameFormat.Cobs(MaxLength).WithGap(s_gap),
        ["COBS with CRC"] = FrameFormat.Cobs(MaxLength + 2).WithCheck(Crc16.CcittFalse),
        ["SLIP with CRC"] = FrameFormat.Slip(MaxLength + 2).WithCheck(Crc16.X25),
        ["length with CRC"] = FrameFormat.LengthPrefixed(null, MaxLength + 4).WithCheck(FrameCheck.Crc32),
        ["fixed with start and CRC"] = FrameFormat.Fixed(MaxLength + 2).WithCheck(Crc16.Modbus).WithStart([0xAA, 0x55]),
        ["length with CRC and start"] = FrameFormat.LengthPrefixed(null, MaxLength + 2).WithStart("$$"u8).WithCheck(Crc16.Xmodem),
        ["idle gap"] = FrameFormat.IdleGap(s_gap, MaxLength),
        ["idle gap with CRC"] = FrameFormat.IdleGap(s_gap, MaxLength + 2).WithCheck(Crc16.Modbus),
    };

    internal static FrameFormat Named(string name) => s_formats[name];

    /// <summary>Those whose frames may follow each other at once.</summary>
    internal static TheoryData<string> Streaming => [.. s_formats.Keys.Where(name => s_formats[name].Gap == Timeout.InfiniteTimeSpan)];

    internal static TheoryData<string> Names => [.. s_formats.Keys];

    /// <summary>The nearest frame that the format can carry.</summary>
    internal static byte[] Fit(string name, byte[] frame) => name switch
    {
        _ when name.StartsWith("lines", StringComparison.Ordinal) => [.. frame.Select(value => value is 10 or 13 ? (byte)11 : value)],
        "delimited" => [.. frame.Select(value => value == 0xAA ? (byte)0xAB : value)],
        _ when name.StartsWith("fixed", StringComparison.Ordinal) => [.. frame, .. new byte[MaxLength - frame.Length]],
        "SLIP" when frame.Length == 0 => [0],
        _ => frame,
    };
}
