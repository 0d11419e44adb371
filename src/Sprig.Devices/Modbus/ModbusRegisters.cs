namespace Sprig.Devices.Modbus;

/// <summary>Numbers that take two registers: the protocol has none, so devices differ in which half comes first.</summary>
/// <remarks>A number of 16 bits is the register itself; a signed one by a cast: <c>(short)register</c>.</remarks>
public static class ModbusRegisters
{
    /// <summary>A signed number in the first two registers.</summary>
    /// <param name="registers">At least two.</param>
    /// <param name="order">Which half comes first.</param>
    /// <exception cref="ArgumentException">Fewer than two registers.</exception>
    public static int ToInt32(ReadOnlySpan<ushort> registers, WordOrder order = WordOrder.HighFirst) => (int)ToUInt32(registers, order);

    /// <summary>An unsigned number in the first two registers.</summary>
    /// <inheritdoc cref="ToInt32"/>
    public static uint ToUInt32(ReadOnlySpan<ushort> registers, WordOrder order = WordOrder.HighFirst)
    {
        if (registers.Length < 2)
            throw new ArgumentException($"A number of 32 bits takes two registers; here are {registers.Length}.", nameof(registers));
        return IsHighFirst(order) ? ((uint)registers[0] << 16) | registers[1] : ((uint)registers[1] << 16) | registers[0];
    }

    /// <summary>A floating point number (IEEE 754, 32 bits) in the first two registers.</summary>
    /// <inheritdoc cref="ToInt32"/>
    public static float ToSingle(ReadOnlySpan<ushort> registers, WordOrder order = WordOrder.HighFirst)
        => BitConverter.UInt32BitsToSingle(ToUInt32(registers, order));

    /// <summary>The two registers of a signed number.</summary>
    /// <param name="value">The number.</param>
    /// <param name="order">Which half comes first.</param>
    public static ushort[] FromInt32(int value, WordOrder order = WordOrder.HighFirst) => FromUInt32((uint)value, order);

    /// <summary>The two registers of an unsigned number.</summary>
    /// <inheritdoc cref="FromInt32"/>
    public static ushort[] FromUInt32(uint value, WordOrder order = WordOrder.HighFirst)
    {
        ushort high = (ushort)(value >> 16), low = (ushort)value;
        return IsHighFirst(order) ? [high, low] : [low, high];
    }

    /// <summary>The two registers of a floating point number.</summary>
    /// <inheritdoc cref="FromInt32"/>
    public static ushort[] FromSingle(float value, WordOrder order = WordOrder.HighFirst)
        => FromUInt32(BitConverter.SingleToUInt32Bits(value), order);

    private static bool IsHighFirst(WordOrder order) => order switch
    {
        WordOrder.HighFirst => true,
        WordOrder.LowFirst => false,
        _ => throw new ArgumentOutOfRangeException(nameof(order), order, "HighFirst or LowFirst."),
    };
}
