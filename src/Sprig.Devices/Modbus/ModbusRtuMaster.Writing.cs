using System.Buffers.Binary;

namespace Sprig.Devices.Modbus;

/// <content>Functions 5, 6, 15 and 16. A write that got no answer may have been carried out, and is sent again.</content>
public sealed partial class ModbusRtuMaster
{
    private const int MostBitsToWrite = 1968;
    private const int MostRegistersToWrite = 123;
    private const int MostRegistersToReadWrite = 121;

    /// <summary>Function 5: writes one coil.</summary>
    /// <param name="unit">1 to 247; 0: a broadcast to all, which nobody answers.</param>
    /// <param name="address">From 0.</param>
    /// <param name="value">On or off.</param>
    /// <inheritdoc cref="ReadCoilsAsync"/>
    public async ValueTask WriteCoilAsync(byte unit, int address, bool value)
    {
        CheckUnitOrAll(unit);
        CheckRange(address, 1, 1);
        await TellAsync(ModbusRequest.Write(unit, 5, address, value ? 0xFF00 : 0, default));
    }

    /// <summary>Function 6: writes one holding register.</summary>
    /// <param name="unit">1 to 247; 0: a broadcast to all, which nobody answers.</param>
    /// <param name="address">From 0.</param>
    /// <param name="value">What it is to hold; a signed number by a cast.</param>
    /// <inheritdoc cref="ReadCoilsAsync"/>
    public async ValueTask WriteRegisterAsync(byte unit, int address, ushort value)
    {
        CheckUnitOrAll(unit);
        CheckRange(address, 1, 1);
        await TellAsync(ModbusRequest.Write(unit, 6, address, value, default));
    }

    /// <summary>Function 15: writes coils in a row.</summary>
    /// <param name="unit">1 to 247; 0: a broadcast to all, which nobody answers.</param>
    /// <param name="address">The first, from 0.</param>
    /// <param name="values">1 to 1968.</param>
    /// <inheritdoc cref="ReadCoilsAsync"/>
    public async ValueTask WriteCoilsAsync(byte unit, int address, ReadOnlyMemory<bool> values)
    {
        CheckUnitOrAll(unit);
        CheckRange(address, values.Length, MostBitsToWrite);
        byte[] data = new byte[1 + (values.Length + 7) / 8];
        data[0] = (byte)(data.Length - 1);
        for (int i = 0; i < values.Length; i++)
            data[1 + i / 8] |= (byte)((values.Span[i] ? 1 : 0) << (i % 8));
        await TellAsync(ModbusRequest.Write(unit, 15, address, values.Length, data));
    }

    /// <summary>Function 16: writes holding registers in a row.</summary>
    /// <param name="unit">1 to 247; 0: a broadcast to all, which nobody answers.</param>
    /// <param name="address">The first, from 0.</param>
    /// <param name="values">1 to 123.</param>
    /// <inheritdoc cref="ReadCoilsAsync"/>
    public async ValueTask WriteRegistersAsync(byte unit, int address, ReadOnlyMemory<ushort> values)
    {
        CheckUnitOrAll(unit);
        CheckRange(address, values.Length, MostRegistersToWrite);
        byte[] data = new byte[1 + 2 * values.Length];
        PutRegisters(values.Span, data);
        await TellAsync(ModbusRequest.Write(unit, 16, address, values.Length, data));
    }

    /// <summary>The count of bytes, and the registers.</summary>
    private static void PutRegisters(ReadOnlySpan<ushort> values, Span<byte> data)
    {
        data[0] = (byte)(2 * values.Length);
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteUInt16BigEndian(data[(1 + 2 * i)..], values[i]);
    }

    private static void CheckUnitOrAll(byte unit)
    {
        if (unit > MostUnits)
            throw new ArgumentOutOfRangeException(nameof(unit), unit, "Units have numbers from 1 to 247; 0 is all of them.");
    }
}
