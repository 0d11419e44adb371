using System.Text;
using Sprig.IO.Framing;
using Sprig.IO.Ports;

namespace Snippets.Serial;

internal static class Framing
{
    internal static async Task CheckedFramesAsync(SerialPort port)
    {
        #region frames_with_a_check
        FrameFormat format = FrameFormat.Cobs(maxLength: 256).WithCheck(Crc16.CcittFalse);
        FrameWriter writer = new(port, format);
        FrameReader reader = new(port, format);

        await writer.WriteAsync("measure"u8.ToArray());
        while (await reader.ReadAsync() is { } frame)                // valid until the next call
            Console.WriteLine(Convert.ToHexString(frame.Span));

        Console.WriteLine(reader.Counts);                            // frames, and what was dropped: why, and how many bytes
        #endregion
    }

    internal static void Formats()
    {
        #region frame_formats
        FrameFormat lines = FrameFormat.Lines(maxLength: 80);
        FrameFormat prompt = FrameFormat.Delimited("\r\n> "u8);
        FrameFormat length = FrameFormat.LengthPrefixed(new LengthPrefix { Size = 2, LowByteFirst = true });
        FrameFormat sensor = FrameFormat.Fixed(9).WithStart([0xAA, 0x55]).WithCheck(Crc16.Xmodem);
        FrameFormat radio = FrameFormat.Slip().WithCheck(FrameCheck.Crc32.Reversed());             // high byte first
        FrameFormat gps = FrameFormat.Lines(crLf: true).WithStart("$"u8).WithGap(TimeSpan.FromMilliseconds(200));
        #endregion
        _ = (lines, prompt, length, sensor, radio, gps);
    }

    internal static async Task ModbusAsync(SerialPort port)
    {
        #region frames_between_silences
        SerialSettings line = port.Settings;
        FrameFormat format = FrameFormat.IdleGap(
            gap: LineTiming.ModbusGap(line.BaudRate),
            maxLength: 256,
            characterTime: LineTiming.Characters(1, line.BaudRate, line.DataBits, line.Parity != Parity.None)).WithCheck(Crc16.Modbus);
        await foreach (ReadOnlyMemory<byte> frame in new FrameReader(port, format))
            Console.WriteLine($"unit {frame.Span[0]}, function {frame.Span[1]}");
        #endregion
    }

    internal static async Task SwitchAsync(SerialPort modem)
    {
        #region lines_and_then_frames
        FrameReader reader = new(modem, FrameFormat.Lines())
        {
            Dropped = (fault, bytes) => Console.WriteLine($"{fault}: {Convert.ToHexString(bytes)}"),
        };
        while (await reader.ReadAsync() is { } line && Encoding.ASCII.GetString(line.Span) != "CONNECT")
            Console.WriteLine("not yet");
        reader.Format = FrameFormat.Cobs();                          // what was read ahead is read in the new way
        #endregion
    }
}

#region a_format_of_ones_own
internal sealed class QuotedFormat() : FrameFormat(maxLength: 100)
{
    public override int GetMaxEncodedLength(int length) => length + 2;

    public override int Encode(ReadOnlySpan<byte> frame, Span<byte> destination)
    {
        destination[0] = (byte)'<';
        frame.CopyTo(destination[1..]);
        destination[frame.Length + 1] = (byte)'>';
        return frame.Length + 2;
    }

    public override FrameStep Decode(Span<byte> received, FrameLook look)
    {
        int end = received.IndexOf((byte)'>');
        if (end < 0)
            return FrameStep.More();                                 // the reader asks again when more has come
        int start = received[..end].LastIndexOf((byte)'<');
        return start == 0 ? FrameStep.Frame(1, end - 1, end + 1)     // offset, length, bytes consumed
            : FrameStep.Drop(start > 0 ? start : end + 1, FrameFault.Malformed);
    }
}
#endregion
