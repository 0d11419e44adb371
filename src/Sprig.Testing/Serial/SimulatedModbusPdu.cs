using System.Buffers.Binary;

namespace Sprig.Testing.Serial;

/// <summary>What the functions of Modbus do in a unit. A PDU here is what stands between the unit's number and the check.</summary>
internal static class SimulatedModbusPdu
{
    private const byte IllegalFunction = 1;
    private const byte IllegalAddress = 2;
    private const byte IllegalValue = 3;

    internal static byte[] Exception(ReadOnlySpan<byte> request, byte code) => [(byte)(request[0] | 0x80), code];

    internal static byte[] Execute(SimulatedModbusUnit unit, ReadOnlySpan<byte> request) => request[0] switch
    {
        1 => ReadBits(unit.Coils, request),
        2 => ReadBits(unit.DiscreteInputs, request),
        3 => ReadRegisters(unit.HoldingRegisters, request),
        4 => ReadRegisters(unit.InputRegisters, request),
        5 => WriteCoil(unit.Coils, request),
        6 => WriteRegister(unit.HoldingRegisters, request),
        15 => WriteCoils(unit.Coils, request),
        16 => WriteRegisters(unit.HoldingRegisters, request, request[1..]),
        23 => ReadAndWrite(unit.HoldingRegisters, request),
        _ => Exception(request, IllegalFunction),
    };

    private static byte[] ReadBits(bool[] table, ReadOnlySpan<byte> request)
    {
        int address = Number(request, 1), count = Number(request, 3);
        if (Refuse(request, table.Length, address, count, 2000) is { } refusal)
            return refusal;
        byte[] answer = new byte[2 + (count + 7) / 8];
        answer[0] = request[0];
        answer[1] = (byte)(answer.Length - 2);
        for (int i = 0; i < count; i++)
            answer[2 + i / 8] |= (byte)((table[address + i] ? 1 : 0) << (i % 8));
        return answer;
    }

    private static byte[] ReadRegisters(ushort[] table, ReadOnlySpan<byte> request)
    {
        int address = Number(request, 1), count = Number(request, 3);
        if (Refuse(request, table.Length, address, count, 125) is { } refusal)
            return refusal;
        byte[] answer = new byte[2 + 2 * count];
        answer[0] = request[0];
        answer[1] = (byte)(2 * count);
        for (int i = 0; i < count; i++)
            BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(2 + 2 * i), table[address + i]);
        return answer;
    }

    private static byte[] WriteCoil(bool[] table, ReadOnlySpan<byte> request)
    {
        int address = Number(request, 1), value = Number(request, 3);
        if (value is not (0 or 0xFF00))
            return Exception(request, IllegalValue);
        if (Refuse(request, table.Length, address, 1, 1) is { } refusal)
            return refusal;
        table[address] = value != 0;
        return request[..5].ToArray();
    }

    private static byte[] WriteRegister(ushort[] table, ReadOnlySpan<byte> request)
    {
        int address = Number(request, 1);
        if (Refuse(request, table.Length, address, 1, 1) is { } refusal)
            return refusal;
        table[address] = (ushort)Number(request, 3);
        return request[..5].ToArray();
    }

    private static byte[] WriteCoils(bool[] table, ReadOnlySpan<byte> request)
    {
        int address = Number(request, 1), count = Number(request, 3);
        if (Refuse(request, table.Length, address, count, 1968) is { } refusal)
            return refusal;
        if (request[5] != (count + 7) / 8)
            return Exception(request, IllegalValue);
        for (int i = 0; i < count; i++)
            table[address + i] = ((request[6 + i / 8] >> (i % 8)) & 1) != 0;
        return request[..5].ToArray();
    }

    /// <param name="table">The registers.</param>
    /// <param name="request">The whole.</param>
    /// <param name="writing">Address, count, count of bytes, and the values.</param>
    private static byte[] WriteRegisters(ushort[] table, ReadOnlySpan<byte> request, ReadOnlySpan<byte> writing)
    {
        int address = Number(writing, 0), count = Number(writing, 2);
        if (Refuse(request, table.Length, address, count, request[0] == 23 ? 121 : 123) is { } refusal)
            return refusal;
        if (writing[4] != 2 * count)
            return Exception(request, IllegalValue);
        for (int i = 0; i < count; i++)
            table[address + i] = (ushort)Number(writing, 5 + 2 * i);
        return request[..5].ToArray();
    }

    // The writing comes first, by the protocol.
    private static byte[] ReadAndWrite(ushort[] table, ReadOnlySpan<byte> request)
    {
        if (Refuse(request, table.Length, Number(request, 1), Number(request, 3), 125) is { } refusal)
            return refusal;
        byte[] written = WriteRegisters(table, request, request[5..]);
        return written[0] == request[0] ? ReadRegisters(table, request) : written;
    }

    private static byte[]? Refuse(ReadOnlySpan<byte> request, int size, int address, int count, int most)
    {
        if (count < 1 || count > most)
            return Exception(request, IllegalValue);
        return address + count > size ? Exception(request, IllegalAddress) : null;
    }

    private static int Number(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
}
