using Sprig.Linux;

namespace Sprig.IO.Ports;

/// <summary>A serial port: a tty in raw mode, as a <see cref="Stream"/> on the loop.</summary>
/// <remarks>Opened exclusively; the modem lines are left alone, so that opening or closing resets no Arduino. A device that
/// is unplugged is an <see cref="IOException"/> in every waiter. Reading lines by <see cref="ReadLineAsync"/> reads ahead:
/// don't mix it with reads of the stream. See <see cref="FdStream"/> for the other rules.</remarks>
public sealed partial class SerialPort : FdStream
{
    private FileDescriptor _tty;
    private LineReader? _lines;

    private SerialPort(FileDescriptor tty, string path, SerialSettings settings)
        : base(path)
    {
        _tty = tty;
        Settings = settings;
        _reconnection = settings.Reopen is { } policy ? new Reconnection(this, policy) : null;
    }

    /// <summary>How it is set.</summary>
    public SerialSettings Settings { get; }

    private protected override int Descriptor => _tty.Number;

    /// <summary>Opens a tty and sets it; what it received before is thrown away.</summary>
    /// <param name="path">As /dev/ttyUSB0, or a stable name under /dev/serial/by-id.</param>
    /// <param name="settings">9600 8N1 unless given.</param>
    /// <exception cref="FileNotFoundException">There is no such device.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission; the message says which group.</exception>
    /// <exception cref="IOException">In use, no tty, no hardware behind it, or it refuses the settings.</exception>
    public static SerialPort Open(string path, SerialSettings? settings = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        settings ??= new SerialSettings();
        uint frame = settings.ToFrame();
        settings.Reopen?.Check();
        SerialPort port = new(DeviceAccess.Open(path), path, settings);
        try
        {
            port.SetUp(port._tty, frame);
            return port;
        }
        catch
        {
            port.Dispose();
            throw;
        }
    }

    /// <summary>Opens a tty at a baud rate, 8N1.</summary>
    /// <inheritdoc cref="Open(string, SerialSettings?)"/>
    public static SerialPort Open(string path, int baudRate) => Open(path, new SerialSettings { BaudRate = baudRate });

    /// <summary>Reads up to the next LF and gives the line without its CR and LF; null at the end.</summary>
    /// <exception cref="IOException">Unplugged.</exception>
    /// <exception cref="InvalidDataException">A line is longer than 4096 bytes: it was dropped.</exception>
    public ValueTask<string?> ReadLineAsync() => (_lines ??= new LineReader(this)).ReadLineAsync();

    private protected override int TryRead(Span<byte> buffer)
    {
        int count = Syscall.Read(_tty.Number, buffer);
        // VMIN is 1, so nothing-there is EAGAIN; 0 is what a tty answers that was hung up.
        return count == 0 ? -Errno.EIO : count;
    }

    private protected override int TryWrite(ReadOnlySpan<byte> buffer)
    {
        int count = Syscall.Write(_tty.Number, buffer);
        if (count > 0)
            OnWritten(count);
        return count;
    }

    private protected override void CloseDescriptor()
    {
        _reconnection?.OnClosed();
        CloseTty();
    }

    private void CloseTty()
    {
        if (!_tty.IsClosed)
            _ = Termios.SetShared(_tty.Number);
        _tty.Dispose();
    }

    private void SetUp(FileDescriptor tty, uint frame)
    {
        Check(Termios.Get(tty.Number, out Termios termios), Device);
        Check(Termios.SetExclusive(tty.Number), Device);
        termios.MakeRaw((uint)Settings.BaudRate, frame);
        Check(termios.Set(tty.Number), Device);
        CheckAccepted(tty.Number, Device, Settings, frame);
        _ = Termios.Flush(tty.Number);
    }

    private static void Check(int result, string path)
    {
        if (result == -Errno.ENOTTY)
            throw new IOException($"{path} is no serial device.");
        if (result == -Errno.EIO)
            throw new IOException($"There is no serial hardware behind {path}.");
        if (result < 0)
            throw DeviceAccess.Explain(-result, path);
    }

    // A driver rounds or ignores what it can't do, and says nothing: only reading back tells.
    private static void CheckAccepted(int fd, string path, SerialSettings settings, uint frame)
    {
        Check(Termios.Get(fd, out Termios actual), path);
        const uint Frame = Termios.CharacterSizeMask | Termios.TwoStopBits | Termios.ParityEnable | Termios.ParityOdd | Termios.ParityStick;
        if ((actual.Control & Frame) != frame)
            throw new IOException($"{path} does not do {settings}: the driver refuses the frame.");
        if (Math.Abs(actual.Speed - (double)settings.BaudRate) > settings.BaudRate * 0.03)
            throw new IOException($"{path} does not do {settings.BaudRate} baud: the driver chose {actual.Speed}.");
    }
}
