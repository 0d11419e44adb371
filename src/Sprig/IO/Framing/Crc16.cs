using System.Buffers.Binary;

namespace Sprig.IO.Framing;

/// <summary>A CRC of 16 bits: the four that serial protocols use most, or any other by its parameters.</summary>
/// <remarks>By a table of 256 entries, a step a byte. Without state; for any thread.</remarks>
public sealed class Crc16 : FrameCheck
{
    private readonly ushort[] _table;
    private readonly ushort _initial;
    private readonly ushort _finalXor;
    private readonly bool _reflected;
    private readonly bool _highByteFirst;

    /// <summary>One by its parameters, as catalogues of CRCs list them.</summary>
    /// <param name="polynomial">Without its highest term, and not reflected: 0x8005, 0x1021.</param>
    /// <param name="initial">What the register holds at first.</param>
    /// <param name="reflected">Whether bytes go in, and the value comes out, lowest bit first.</param>
    /// <param name="finalXor">What the value is combined with at the end.</param>
    /// <param name="highByteFirst">The order of its bytes on the line, as a <see cref="FrameCheck"/>.</param>
    public Crc16(ushort polynomial, ushort initial, bool reflected, ushort finalXor, bool highByteFirst)
        : base(sizeof(ushort))
    {
        _reflected = reflected;
        _initial = reflected ? Reflect(initial) : initial;
        _finalXor = finalXor;
        _highByteFirst = highByteFirst;
        _table = reflected ? ReflectedTable(Reflect(polynomial)) : Table(polynomial);
    }

    /// <summary>CRC-16/MODBUS, low byte first: Modbus RTU.</summary>
    public static Crc16 Modbus { get; } = new(0x8005, 0xFFFF, reflected: true, 0, highByteFirst: false);

    /// <summary>CRC-16/CCITT-FALSE (IBM-3740), high byte first.</summary>
    public static Crc16 CcittFalse { get; } = new(0x1021, 0xFFFF, reflected: false, 0, highByteFirst: true);

    /// <summary>CRC-16/X-25, low byte first: HDLC, PPP.</summary>
    public static Crc16 X25 { get; } = new(0x1021, 0xFFFF, reflected: true, 0xFFFF, highByteFirst: false);

    /// <summary>CRC-16/XMODEM, high byte first.</summary>
    public static Crc16 Xmodem { get; } = new(0x1021, 0, reflected: false, 0, highByteFirst: true);

    /// <summary>The value over these bytes.</summary>
    public ushort Compute(ReadOnlySpan<byte> bytes)
    {
        // The table has an entry for every byte: no bounds are checked with an index of that type.
        ReadOnlySpan<ushort> table = _table.AsSpan(0, 256);
        uint crc = _initial;
        if (_reflected)
        {
            foreach (byte value in bytes)
                crc = (crc >> 8) ^ table[(byte)(crc ^ value)];
        }
        else
        {
            foreach (byte value in bytes)
                crc = (ushort)(crc << 8) ^ (uint)table[(byte)((crc >> 8) ^ value)];
        }

        return (ushort)(crc ^ _finalXor);
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> frame, Span<byte> check)
    {
        if (_highByteFirst)
            BinaryPrimitives.WriteUInt16BigEndian(check, Compute(frame));
        else
            BinaryPrimitives.WriteUInt16LittleEndian(check, Compute(frame));
    }

    private static ushort[] ReflectedTable(ushort polynomial)
    {
        ushort[] table = new ushort[256];
        for (int i = 0; i < table.Length; i++)
        {
            int crc = i;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ polynomial : crc >> 1;
            table[i] = (ushort)crc;
        }

        return table;
    }

    private static ushort[] Table(ushort polynomial)
    {
        ushort[] table = new ushort[256];
        for (int i = 0; i < table.Length; i++)
        {
            int crc = i << 8;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 0x8000) != 0 ? (crc << 1) ^ polynomial : crc << 1;
            table[i] = (ushort)crc;
        }

        return table;
    }

    private static ushort Reflect(ushort value)
    {
        int reflected = 0;
        for (int bit = 0; bit < 16; bit++)
            reflected |= ((value >> bit) & 1) << (15 - bit);
        return (ushort)reflected;
    }
}
