using System.Buffers.Binary;

namespace Sprig.Testing.Buses;

/// <summary>A chip that is a table of registers, as most are: the first byte of a write names the register, the rest is for it; a
/// read begins where the last write has pointed.</summary>
/// <remarks>The chip's side (the indexer, <see cref="Load"/>) is for any thread. The functions given to <see cref="WhenRead"/>
/// and <see cref="WhenWritten"/> are called by the thread that makes the transfer.</remarks>
public class RegisterDevice : SimulatedI2cDevice
{
    private const int Count = 256;
    private readonly int[] _values = new int[Count];
    private readonly bool[] _readOnly = new bool[Count];
    private readonly Func<int>?[] _whenRead = new Func<int>?[Count];
    private readonly Action<int>?[] _whenWritten = new Action<int>?[Count];
    private readonly int _width;
    private readonly bool _autoIncrement;
    private int _pointer;

    /// <summary>A chip with 256 registers, all 0.</summary>
    /// <param name="registerBytes">1, or 2 for registers of 16 bits, high byte first.</param>
    /// <param name="autoIncrement">Whether the next byte, or word, is for the next register; else it is for the same
    /// again.</param>
    /// <exception cref="ArgumentOutOfRangeException">Neither 1 nor 2 bytes.</exception>
    public RegisterDevice(int registerBytes = 1, bool autoIncrement = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(registerBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(registerBytes, 2);
        _width = registerBytes;
        _autoIncrement = autoIncrement;
    }

    /// <summary>A register as the chip has it, read-only or not; calls none of the functions.</summary>
    /// <param name="register">0 to 255.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such register, or a value that does not fit.</exception>
    public int this[int register]
    {
        get
        {
            ThrowIfNoRegister(register);
            return Volatile.Read(ref _values[register]);
        }

        set
        {
            ThrowIfNoRegister(register);
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 0);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, _width == 1 ? byte.MaxValue : ushort.MaxValue);
            Volatile.Write(ref _values[register], value);
        }
    }

    /// <summary>Sets registers one after the other, as the block of a calibration.</summary>
    /// <param name="register">The first.</param>
    /// <param name="values">Their values.</param>
    public void Load(int register, params ReadOnlySpan<int> values)
    {
        for (int i = 0; i < values.Length; i++)
            this[register + i] = values[i];
    }

    /// <summary>Lets the program's writes to registers go unheard, as chips do.</summary>
    /// <param name="register">The first.</param>
    /// <param name="count">How many.</param>
    public void MakeReadOnly(int register, int count = 1)
    {
        for (int i = 0; i < count; i++)
        {
            ThrowIfNoRegister(register + i);
            _readOnly[register + i] = true;
        }
    }

    /// <summary>Calls a function whenever the program reads a register, and gives what it returns; the register has that value
    /// then.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such register; or, when it is read, a value that does not
    /// fit.</exception>
    public void WhenRead(int register, Func<int> value)
    {
        ThrowIfNoRegister(register);
        ArgumentNullException.ThrowIfNull(value);
        _whenRead[register] = value;
    }

    /// <summary>Calls a function with the value whenever the program has written a register that is not read-only.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such register.</exception>
    public void WhenWritten(int register, Action<int> then)
    {
        ThrowIfNoRegister(register);
        ArgumentNullException.ThrowIfNull(then);
        _whenWritten[register] = then;
    }

    /// <summary>What a write on another bus than I2C does.</summary>
    internal void Take(ReadOnlySpan<byte> bytes) => OnWrite(bytes);

    /// <summary>What a read from a register on another bus than I2C gives.</summary>
    internal void Give(byte register, Span<byte> buffer)
    {
        OnWrite([register]);
        OnRead(buffer);
    }

    /// <inheritdoc/>
    protected override void OnWrite(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        _pointer = bytes[0];
        // Half a word is none.
        for (bytes = bytes[1..]; bytes.Length >= _width; bytes = bytes[_width..])
        {
            Write(_pointer, _width == 1 ? bytes[0] : BinaryPrimitives.ReadUInt16BigEndian(bytes));
            Advance();
        }
    }

    /// <inheritdoc/>
    protected override void OnRead(Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int value = Read(_pointer);
            buffer[0] = (byte)(_width == 1 ? value : value >> 8);
            if (_width == 2 && buffer.Length > 1)
                buffer[1] = (byte)value;
            buffer = buffer[Math.Min(_width, buffer.Length)..];
            Advance();
        }
    }

    /// <summary>Writes a register as the program does: not if it is read-only, and with its function.</summary>
    protected void Write(int register, int value)
    {
        if (_readOnly[register])
            return;
        this[register] = value;
        _whenWritten[register]?.Invoke(value);
    }

    private int Read(int register)
    {
        if (_whenRead[register] is { } value)
            this[register] = value();
        return this[register];
    }

    private void Advance()
    {
        if (_autoIncrement)
            _pointer = (_pointer + 1) % Count;
    }

    private static void ThrowIfNoRegister(int register)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(register, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(register, Count);
    }
}
