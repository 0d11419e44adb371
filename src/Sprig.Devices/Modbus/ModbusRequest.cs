using System.Buffers.Binary;
using Sprig.IO.Framing;

namespace Sprig.Devices.Modbus;

/// <summary>One request as it goes out, and what its answer looks like: how it begins, and how long it is.</summary>
internal sealed class ModbusRequest
{
    private const int CheckLength = 2;
    private const int RefusalLength = 5;
    private const byte Refused = 0x80;

    private readonly byte[] _answerStart;

    private ModbusRequest(byte[] frame, byte[] answerStart, int answerLength)
    {
        Frame = frame;
        _answerStart = answerStart;
        AnswerLength = answerLength;
        Crc16.Modbus.Write(frame.AsSpan(0, frame.Length - CheckLength), frame.AsSpan(frame.Length - CheckLength));
    }

    /// <summary>With its check.</summary>
    internal byte[] Frame { get; }

    /// <summary>With unit, function and check.</summary>
    internal int AnswerLength { get; }

    internal byte Unit => Frame[0];

    internal byte Function => Frame[1];

    /// <summary>One that is answered by data.</summary>
    /// <param name="unit">Who.</param>
    /// <param name="function">1 to 4.</param>
    /// <param name="address">The first.</param>
    /// <param name="count">How many.</param>
    /// <param name="dataLength">The answer's bytes of data.</param>
    internal static ModbusRequest Read(byte unit, byte function, int address, int count, int dataLength)
    {
        byte[] frame = Begin(unit, function, address, count, 0);
        return new ModbusRequest(frame, [unit, function, (byte)dataLength], 3 + dataLength + CheckLength);
    }

    /// <summary>One that is answered by its own beginning: all of it, or unit, function, address and count.</summary>
    /// <param name="unit">Who; 0: all.</param>
    /// <param name="function">5, 6, 15 or 16.</param>
    /// <param name="address">The first.</param>
    /// <param name="value">The value, or the count of those in <paramref name="data"/>.</param>
    /// <param name="data">With its own count of bytes, for 15 and 16.</param>
    internal static ModbusRequest Write(byte unit, byte function, int address, int value, ReadOnlySpan<byte> data)
    {
        byte[] frame = Begin(unit, function, address, value, data.Length);
        data.CopyTo(frame.AsSpan(6));
        return new ModbusRequest(frame, frame[..6], 6 + CheckLength);
    }

    /// <summary>Function 23: writes, then reads.</summary>
    internal static ModbusRequest ReadWrite(byte unit, int readAddress, int readCount, ReadOnlySpan<byte> writing)
    {
        byte[] frame = Begin(unit, 23, readAddress, readCount, writing.Length);
        writing.CopyTo(frame.AsSpan(6));
        return new ModbusRequest(frame, [unit, 23, (byte)(2 * readCount)], 3 + 2 * readCount + CheckLength);
    }

    /// <summary>Finds its answer, or its refusal, in what was received, wherever it begins: a line that is switched on may put a byte
    /// before it.</summary>
    /// <returns>Without the check; empty where it is not there, or not whole.</returns>
    internal ReadOnlySpan<byte> Find(ReadOnlySpan<byte> received)
    {
        for (int at = 0; at + RefusalLength <= received.Length; at++)
        {
            ReadOnlySpan<byte> rest = received[at..];
            int length = rest[0] == Unit && rest[1] == (Function | Refused) ? RefusalLength
                : rest.StartsWith(_answerStart) ? AnswerLength
                : int.MaxValue;
            if (length <= rest.Length && IsWhole(rest[..length]))
                return rest[..(length - CheckLength)];
        }

        return default;
    }

    /// <summary>The code, where an answer is a refusal.</summary>
    internal byte? RefusalOf(ReadOnlySpan<byte> answer) => answer[1] == (Function | Refused) ? answer[2] : null;

    /// <summary>Whether it is one frame, of whatever unit: its check is right.</summary>
    internal static bool IsWhole(ReadOnlySpan<byte> frame) => frame.Length > CheckLength
        && Crc16.Modbus.Compute(frame[..^CheckLength]) == BinaryPrimitives.ReadUInt16LittleEndian(frame[^CheckLength..]);

    private static byte[] Begin(byte unit, byte function, int address, int value, int more)
    {
        byte[] frame = new byte[6 + more + CheckLength];
        frame[0] = unit;
        frame[1] = function;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)address);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(4), (ushort)value);
        return frame;
    }
}
