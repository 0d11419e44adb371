using Sprig.Linux;

namespace Sprig.IO.Ports;

/// <summary>Sets a line, and reads back whether the driver did it: one that can't says nothing. When it did not, what was there before
/// is set again.</summary>
internal static class LineSetting
{
    private const uint Frame = Termios.CharacterSizeMask | Termios.TwoStopBits | Termios.ParityEnable | Termios.ParityOdd | Termios.ParityStick;
    private const double Tolerance = 0.03;

    /// <param name="line">What is set.</param>
    /// <param name="wanted">How.</param>
    /// <param name="before">How it was set by us; null when it was just opened.</param>
    /// <param name="marksErrors">The kernel is to mark bytes of the wrong parity.</param>
    internal static void Apply(SerialLine line, SerialSettings wanted, SerialSettings? before, bool marksErrors)
    {
        uint frame = wanted.ToFrame();
        PortAccess.Check(Termios.Get(line.Tty, out Termios old), line.Path);
        try
        {
            ApplyFrame(line, wanted, old.Copy(), frame, marksErrors);
            if (wanted.Rs485 is { } rs485 && rs485 != before?.Rs485)
                Rs485Setting.Apply(line, rs485);
            if (wanted.LowLatency != (before?.LowLatency ?? false))
                SetLatency(line, wanted.LowLatency);
            SetLine(line, SerialUapi.LineDtr, wanted.DtrEnable, before?.DtrEnable);
            if (!wanted.HandshakesByLines)
                SetLine(line, SerialUapi.LineRts, wanted.RtsEnable, before?.RtsEnable);
        }
        catch
        {
            _ = old.Set(line.Tty);
            throw;
        }
    }

    /// <summary>Raises or drops lines of ours; a device without any (a pty) keeps silent.</summary>
    internal static void SetLines(SerialLine line, int lines, bool up)
    {
        Span<byte> argument = stackalloc byte[sizeof(int)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(argument, lines);
        int result = line.Tty.Control(up ? SerialUapi.RaiseLines : SerialUapi.DropLines, argument);
        if (result is < 0 and not (-Errno.ENOTTY or -Errno.EINVAL))
            throw Errno.ToException(-result, "set the modem lines of", line.Path);
    }

    private static void ApplyFrame(SerialLine line, SerialSettings wanted, Termios termios, uint frame, bool marksErrors)
    {
        uint handshake = wanted.HandshakesByLines ? Termios.HardwareHandshake : 0;
        uint input = wanted.ToInput();
        termios.MakeRaw(
            (uint)wanted.BaudRate,
            frame | handshake | (wanted.HangUpOnClose ? Termios.HangUpOnClose : 0),
            input | (marksErrors ? Termios.CheckParity | Termios.MarkErrors : 0));
        PortAccess.Check(termios.Set(line.Tty), line.Path);
        PortAccess.Check(Termios.Get(line.Tty, out Termios actual), line.Path);
        if ((actual.Control & Frame) != frame)
            throw new IOException($"{line.Path} does not do {wanted}: the driver refuses the frame.");
        if (Math.Abs(actual.Speed - (double)wanted.BaudRate) > wanted.BaudRate * Tolerance)
            throw new IOException($"{line.Path} does not do {wanted.BaudRate} baud: the driver chose {actual.Speed}.");
        if ((actual.Control & Termios.HardwareHandshake) != handshake || (actual.Input & (Termios.StopInput | Termios.StopOutput)) != input)
            throw new IOException($"{line.Path} does not do {wanted}: the driver refuses the handshake.");
    }

    private static void SetLatency(SerialLine line, bool low)
    {
        Span<byte> serial = stackalloc byte[SerialUapi.SerialSize];
        int result = line.Tty.Control(SerialUapi.GetSerial, serial);
        if (result >= 0)
        {
            uint flags = SerialUapi.FlagsOf(serial);
            SerialUapi.SetFlags(serial, low ? flags | SerialUapi.LowLatency : flags & ~SerialUapi.LowLatency);
            result = line.Tty.Control(SerialUapi.SetSerial, serial);
        }

        if (result >= 0)
            result = line.Tty.Control(SerialUapi.GetSerial, serial);
        if (!low)
            return;
        if (result is -Errno.EPERM or -Errno.EACCES)
            throw new UnauthorizedAccessException($"No permission to set the low-latency flag of {line.Path}: leave LowLatency unset, or run 'setserial {line.Path} low_latency' as root.");
        if (result < 0 || (SerialUapi.FlagsOf(serial) & SerialUapi.LowLatency) == 0)
            throw new IOException($"The driver of {line.Path} has no low-latency flag; leave LowLatency unset.");
    }

    private static void SetLine(SerialLine line, int which, bool? wanted, bool? before)
    {
        if (wanted is { } up && wanted != before)
            SetLines(line, which, up);
    }
}
