using System.Runtime.CompilerServices;
using Sprig.Linux;
using Sprig.Scheduling;

namespace Sprig.IO.Ports;

/// <content>The control lines, the break, and what the driver counts.</content>
public sealed partial class SerialPort
{
    private ModemWatch.Sight _sight = new();
    private bool _breakState;

    /// <summary>DTR. Open: as the line is; set or not, it is left alone by opening and closing unless it was set before.</summary>
    /// <exception cref="IOException">The device is gone.</exception>
    public bool DtrEnable
    {
        get => IsUp(ModemLines.Dtr, _settings.DtrEnable);
        set => Change(_settings with { DtrEnable = value });
    }

    /// <summary>RTS, as <see cref="DtrEnable"/>.</summary>
    /// <exception cref="InvalidOperationException">The handshake has it.</exception>
    /// <exception cref="IOException">The device is gone.</exception>
    public bool RtsEnable
    {
        get => IsUp(ModemLines.Rts, _settings.RtsEnable);
        set
        {
            if (_settings.HandshakesByLines)
                throw new InvalidOperationException($"The handshake of {PortName} has RTS; set Handshake to None or XOnXOff first.");
            Change(_settings with { RtsEnable = value });
        }
    }

    /// <summary>Whether CTS is up; false where the device has no such line, here and below.</summary>
    public bool CtsHolding => ((Lines ?? default) & ModemLines.Cts) != 0;

    /// <summary>Whether DSR is up.</summary>
    public bool DsrHolding => ((Lines ?? default) & ModemLines.Dsr) != 0;

    /// <summary>Whether there is a carrier (DCD).</summary>
    public bool CDHolding => ((Lines ?? default) & ModemLines.CarrierDetect) != 0;

    /// <summary>Whether it rings.</summary>
    public bool RingHolding => ((Lines ?? default) & ModemLines.Ring) != 0;

    /// <summary>The lines that are up, both ends'; null where the device has none: a pty.</summary>
    /// <exception cref="IOException">The device is gone.</exception>
    public ModemLines? Lines
    {
        get
        {
            int result = ModemState.Look(OpenLine.Tty, out ModemState state);
            if (result is -Errno.ENOTTY or -Errno.EINVAL)
                return null;
            return result >= 0 ? state.Lines : throw ErrorOf(-result, "ask");
        }
    }

    /// <summary>Whether it sends a break: a line that is held at 0. A device that can't (a pty) keeps silent.</summary>
    /// <exception cref="IOException">The device is gone.</exception>
    public bool BreakState
    {
        get
        {
            ThrowIfClosed();
            return _breakState;
        }

        set
        {
            int result = OpenLine.Tty.Control(value ? SerialUapi.BeginBreak : SerialUapi.EndBreak, 0);
            _breakState = result is >= 0 or -Errno.ENOTTY or -Errno.EINVAL ? value : throw ErrorOf(-result, "break");
        }
    }

    /// <summary>What the driver has counted since the port was opened; null where it counts nothing (a pty), and while it is closed or
    /// unplugged.</summary>
    public SerialErrorCounts? ErrorCounts => IsConnectedLine ? _line!.Counts.Look() : null;

    /// <summary>Waits until one of the lines of the other end changes. What has changed since the last such wait is told at once.</summary>
    /// <remarks>The kernel's way to wait for that sleeps: there is a thread for it while somebody waits.</remarks>
    /// <param name="which">One or more of the <see cref="ModemLines.Inputs"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">There are no such lines (a pty), or the device is gone.</exception>
    public ValueTask<ModemChange> WaitForModemChangeAsync(ModemLines which = ModemLines.Inputs, CancellationToken cancellationToken = default)
    {
        if ((which & ModemLines.Inputs) == 0)
            throw new ArgumentOutOfRangeException(nameof(which), which, "Lines of the other end: Cts, Dsr, CarrierDetect, Ring.");
        return OpenLine.Modem.NextAsync(_sight, which, cancellationToken);
    }

    /// <summary>The changes as they come, from the first asking on, until the port is closed.</summary>
    /// <inheritdoc cref="WaitForModemChangeAsync"/>
    public async IAsyncEnumerable<ModemChange> ModemChangesAsync(
        ModemLines which = ModemLines.Inputs, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        SerialLine line = OpenLine;
        ModemWatch.Sight sight = new();
        _ = line.Modem.TryTake(sight, which, out _);
        while (true)
            yield return await line.Modem.NextAsync(sight, which, cancellationToken);
    }

    /// <summary>Holds the line at 0 for so long, and lets it go, also when the wait is ended before that.</summary>
    /// <param name="duration">A LIN bus wants 13 bits, a DMX line 88 us or more; the kernel's tcsendbreak makes 250 ms.</param>
    /// <exception cref="IOException">The device is gone.</exception>
    public async ValueTask SendBreakAsync(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        BreakState = true;
        try
        {
            await Coroutine.Sleep(duration);
        }
        finally
        {
            if (IsConnectedLine)
                BreakState = false;
        }
    }

    private bool IsUp(ModemLines line, bool? wanted) => ((IsConnectedLine ? Lines : null) is { } lines ? (lines & line) != 0 : wanted ?? false);
}
