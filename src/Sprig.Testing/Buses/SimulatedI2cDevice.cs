namespace Sprig.Testing.Buses;

/// <summary>A chip on a <see cref="SimulatedI2cBus"/>: derive from it what the data sheet says, by what it does with the bytes
/// that it gets and which it gives. For a chip that is a table of registers there is <see cref="RegisterDevice"/>.</summary>
/// <remarks>The methods for deriving are called by the thread that makes the transfer, often that of a lane, one transfer at a
/// time on a bus. They may take their time, as a chip does that stretches the clock.</remarks>
public abstract class SimulatedI2cDevice
{
    private readonly TransferFaults _faults = new();
    private volatile bool _isPresent = true;

    /// <summary>Whether it answers to its address; a chip without power, or busy as an EEPROM that writes, does not. Any
    /// thread.</summary>
    public bool IsPresent
    {
        get => _isPresent;
        set => _isPresent = value;
    }

    /// <summary>Lets transfers fail before the chip has seen anything of them. Any thread; the last order holds.</summary>
    /// <param name="count">So many, at least 1.</param>
    /// <param name="skip">So many go well first.</param>
    /// <param name="error">With this; an <see cref="IOException"/> of EIO unless given.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count below 1, a negative skip.</exception>
    public void FailNext(int count = 1, int skip = 0, Exception? error = null) => _faults.Order(count, skip, error);

    /// <summary>Takes what the program writes: all bytes between the address and the stop, or the repeated start.</summary>
    /// <param name="bytes">None when the program only asks whether somebody answers.</param>
    /// <exception cref="IOException">The chip does not accept them: throw <see cref="NotAcknowledged"/>.</exception>
    protected abstract void OnWrite(ReadOnlySpan<byte> bytes);

    /// <summary>Gives what the program reads. Where a chip has less to say it fills the rest with 0xFF, as an idle bus
    /// reads.</summary>
    /// <exception cref="IOException">The chip has nothing to say yet: throw <see cref="NotAcknowledged"/>.</exception>
    protected abstract void OnRead(Span<byte> buffer);

    /// <summary>The transfer is over: the stop, after one <see cref="OnWrite"/>, one <see cref="OnRead"/>, or both with a
    /// repeated start between them. It comes after a failure too.</summary>
    protected virtual void OnStop()
    {
    }

    /// <summary>The error that the kernel makes of a chip that does not acknowledge: EREMOTEIO, 121.</summary>
    /// <param name="why">For the reader of the test: "measuring still".</param>
    protected static IOException NotAcknowledged(string why) => new($"Error 121 (Remote I/O error) performing I2C data transfer: {why}.", 121);

    internal static IOException Nobody(int address) => NotAcknowledged($"nobody answers at 0x{address:X2} of the simulated bus");

    /// <summary>One transfer from start to stop. A read of no bytes is none: the program only writes.</summary>
    internal void Transfer(int address, bool writes, ReadOnlySpan<byte> written, Span<byte> read)
    {
        _faults.ThrowIfDue($"the chip at 0x{address:X2}");
        if (!_isPresent)
            throw Nobody(address);
        try
        {
            if (writes)
                OnWrite(written);
            if (!read.IsEmpty)
                OnRead(read);
        }
        finally
        {
            OnStop();
        }
    }
}
