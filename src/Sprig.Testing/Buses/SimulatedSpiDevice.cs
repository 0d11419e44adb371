using System.Device.Spi;

namespace Sprig.Testing.Buses;

/// <summary>A chip at an SPI chip select, without hardware: derive from it what the data sheet says, by what it sends while it is
/// sent to.</summary>
/// <remarks>Any thread; one transfer at a time.</remarks>
public abstract class SimulatedSpiDevice : SpiDevice
{
    private readonly Lock _wires = new();
    private readonly TransferFaults _faults = new();
    private readonly TransferLog<SpiTransfer> _log = new(10_000);
    private readonly SpiConnectionSettings _settings;
    private volatile bool _disposed;

    /// <summary>A chip, spoken to with these settings. Real chips answer nonsense to the wrong ones; this one says so.</summary>
    /// <param name="settings">As the program gives them.</param>
    /// <param name="maximumClock">The most that the data sheet allows, in Hz.</param>
    /// <param name="modes">Those that the chip understands; mode 0 alone unless given.</param>
    /// <exception cref="ArgumentException">The chip understands no such mode, clock, or number of bits.</exception>
    protected SimulatedSpiDevice(SpiConnectionSettings settings, int maximumClock, params ReadOnlySpan<SpiMode> modes)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (modes.IsEmpty)
            modes = [SpiMode.Mode0];
        if (!modes.Contains(settings.Mode))
        {
            string understood = string.Join(" and ", modes.ToArray());
            throw new ArgumentException($"{GetType().Name} understands SPI {understood}, not {settings.Mode}.", nameof(settings));
        }

        if (settings.ClockFrequency <= 0 || settings.ClockFrequency > maximumClock)
        {
            throw new ArgumentException(
                $"{GetType().Name} understands a clock of up to {maximumClock} Hz, not of {settings.ClockFrequency} Hz.", nameof(settings));
        }

        if (settings.DataBitLength != 8)
            throw new ArgumentException($"A simulated SPI device sends 8 bits at a time, not {settings.DataBitLength}.", nameof(settings));
        _settings = Copy(settings);
    }

    /// <summary>Hears of each transfer when it is over, by the thread that makes it, before that goes on.</summary>
    public event Action<SpiTransfer>? Transferred;

    /// <inheritdoc/>
    public override SpiConnectionSettings ConnectionSettings => Copy(_settings);

    /// <summary>The transfers so far, oldest first, the failed ones too; the newest 10,000.</summary>
    public IReadOnlyList<SpiTransfer> Transfers => _log.Snapshot();

    /// <inheritdoc cref="SimulatedI2cDevice.FailNext"/>
    public void FailNext(int count = 1, int skip = 0, Exception? error = null) => _faults.Order(count, skip, error);

    /// <inheritdoc/>
    public override void Read(Span<byte> buffer) => Transfer(new byte[buffer.Length], buffer);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer) => Transfer(buffer, new byte[buffer.Length]);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The buffers are not equally long.</exception>
    public override void TransferFullDuplex(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        if (writeBuffer.Length != readBuffer.Length)
        {
            throw new ArgumentException(
                $"{writeBuffer.Length} bytes to write and {readBuffer.Length} to read: both go at once, so they are equally many.");
        }

        Transfer(writeBuffer, readBuffer);
    }

    /// <summary>What the chip does while its chip select is active. It is called by the thread that makes the transfer.</summary>
    /// <param name="written">What the program sends.</param>
    /// <param name="read">For what the chip sends at the same time: as many bytes, all 0 so far.</param>
    protected abstract void OnTransfer(ReadOnlySpan<byte> written, Span<byte> read);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        base.Dispose(disposing);
    }

    private void Transfer(ReadOnlySpan<byte> written, Span<byte> read)
    {
        lock (_wires)
        {
            if (_disposed)
                throw new ObjectDisposedException($"the simulated {GetType().Name}");
            // The program may read into the buffer that it writes from.
            byte[] sent = written.ToArray();
            string? error = null;
            try
            {
                _faults.ThrowIfDue($"the simulated {GetType().Name}");
                read.Clear();
                OnTransfer(sent, read);
            }
            catch (Exception failure)
            {
                error = failure.Message;
                throw;
            }
            finally
            {
                SpiTransfer transfer = new(sent, error is null ? read.ToArray() : [], error);
                _log.Add(transfer);
                Transferred?.Invoke(transfer);
            }
        }
    }

    private static SpiConnectionSettings Copy(SpiConnectionSettings settings) => new(settings.BusId, settings.ChipSelectLine)
    {
        Mode = settings.Mode,
        ClockFrequency = settings.ClockFrequency,
        DataBitLength = settings.DataBitLength,
        DataFlow = settings.DataFlow,
        ChipSelectLineActiveState = settings.ChipSelectLineActiveState,
    };
}
