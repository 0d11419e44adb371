using System.Buffers.Binary;

namespace Sprig.Devices.Modbus;

/// <content>Functions 1 to 4, and 23.</content>
public sealed partial class ModbusRtuMaster
{
    private const int MostBitsToRead = 2000;
    private const int MostRegistersToRead = 125;
    private const int MostUnits = 247;
    private const int AddressCount = 65_536;

    /// <summary>Function 1: reads coils, bits that can be written too.</summary>
    /// <param name="unit">1 to 247.</param>
    /// <param name="address">The first, from 0.</param>
    /// <param name="count">1 to 2000.</param>
    /// <exception cref="ArgumentOutOfRangeException">Beyond what the protocol allows; nothing was sent.</exception>
    /// <exception cref="TimeoutException">No answer, also to the retries.</exception>
    /// <exception cref="InvalidDataException">A garbled answer, also to the retries.</exception>
    /// <exception cref="ModbusException">The unit refused.</exception>
    /// <exception cref="IOException">The line is gone, or failed.</exception>
    public ValueTask<bool[]> ReadCoilsAsync(byte unit, int address, int count) => ReadBitsAsync(unit, 1, address, count);

    /// <summary>Function 2: reads discrete inputs, bits that can't be written.</summary>
    /// <inheritdoc cref="ReadCoilsAsync"/>
    public ValueTask<bool[]> ReadDiscreteInputsAsync(byte unit, int address, int count) => ReadBitsAsync(unit, 2, address, count);

    /// <summary>Function 3: reads holding registers, which can be written too.</summary>
    /// <param name="unit">1 to 247.</param>
    /// <param name="address">The first, from 0.</param>
    /// <param name="count">1 to 125.</param>
    /// <inheritdoc cref="ReadCoilsAsync"/>
    public ValueTask<ushort[]> ReadHoldingRegistersAsync(byte unit, int address, int count) => ReadRegistersAsync(unit, 3, address, count);

    /// <summary>Function 4: reads input registers, which can't be written.</summary>
    /// <inheritdoc cref="ReadHoldingRegistersAsync"/>
    public ValueTask<ushort[]> ReadInputRegistersAsync(byte unit, int address, int count) => ReadRegistersAsync(unit, 4, address, count);

    /// <summary>Function 23: writes holding registers, then reads some, in one exchange.</summary>
    /// <param name="unit">1 to 247.</param>
    /// <param name="readAddress">The first to read, from 0.</param>
    /// <param name="readCount">1 to 125.</param>
    /// <param name="writeAddress">The first to write, from 0.</param>
    /// <param name="values">1 to 121.</param>
    /// <inheritdoc cref="ReadCoilsAsync"/>
    public async ValueTask<ushort[]> ReadWriteRegistersAsync(byte unit, int readAddress, int readCount, int writeAddress, ReadOnlyMemory<ushort> values)
    {
        CheckUnit(unit);
        CheckRange(readAddress, readCount, MostRegistersToRead);
        CheckRange(writeAddress, values.Length, MostRegistersToReadWrite);
        byte[] writing = new byte[5 + 2 * values.Length];
        BinaryPrimitives.WriteUInt16BigEndian(writing, (ushort)writeAddress);
        BinaryPrimitives.WriteUInt16BigEndian(writing.AsSpan(2), (ushort)values.Length);
        PutRegisters(values.Span, writing.AsSpan(4));
        return RegistersOf(await AskAsync(ModbusRequest.ReadWrite(unit, readAddress, readCount, writing)));
    }

    private async ValueTask<bool[]> ReadBitsAsync(byte unit, byte function, int address, int count)
    {
        CheckUnit(unit);
        CheckRange(address, count, MostBitsToRead);
        byte[] answer = await AskAsync(ModbusRequest.Read(unit, function, address, count, (count + 7) / 8));
        bool[] bits = new bool[count];
        for (int i = 0; i < count; i++)
            bits[i] = ((answer[3 + i / 8] >> (i % 8)) & 1) != 0;
        return bits;
    }

    private async ValueTask<ushort[]> ReadRegistersAsync(byte unit, byte function, int address, int count)
    {
        CheckUnit(unit);
        CheckRange(address, count, MostRegistersToRead);
        return RegistersOf(await AskAsync(ModbusRequest.Read(unit, function, address, count, 2 * count)));
    }

    private static ushort[] RegistersOf(byte[] answer)
    {
        ushort[] registers = new ushort[answer[2] / 2];
        for (int i = 0; i < registers.Length; i++)
            registers[i] = BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(3 + 2 * i));
        return registers;
    }

    private static void CheckUnit(byte unit)
    {
        if (unit is 0 or > MostUnits)
            throw new ArgumentOutOfRangeException(nameof(unit), unit, "Units have numbers from 1 to 247; 0, all of them, can only be written to.");
    }

    private static void CheckRange(int address, int count, int most)
    {
        if (address is < 0 or >= AddressCount)
            throw new ArgumentOutOfRangeException(nameof(address), address, "Addresses go from 0 to 65535.");
        if (count < 1 || count > most)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"The protocol takes 1 to {most} at once here; ask in parts.");
        if (address + count > AddressCount)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"From address {address} on there are {AddressCount - address}.");
    }
}
