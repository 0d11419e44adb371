using Sprig.Linux;
using Sprig.Scheduling;

namespace Sprig.IO.Ports;

/// <summary>A serial port: a tty in raw mode, as a <see cref="Stream"/> on the loop; with the members of System.IO.Ports.SerialPort, so
/// that a program written for that one needs another <c>using</c> and nothing else.</summary>
/// <remarks>
/// Opened to have it alone; the modem lines are left as they are unless set, so that neither opening nor closing it resets an Arduino.
/// A device that is unplugged is an <see cref="IOException"/> in every waiter, unless <see cref="SerialSettings.Reopen"/> says that
/// it is waited for. It may be opened again after it was closed.
/// All ways of reading, bytes and text, awaited and not, share what was read ahead: mixing them loses nothing. The synchronous
/// members block their thread; what is awaited is for the loop's. See <see cref="FdStream"/> for the other rules.
/// </remarks>
public sealed partial class SerialPort : FdStream
{
    /// <summary>Of <see cref="ReadTimeout"/> and <see cref="WriteTimeout"/>: without end.</summary>
    public const int InfiniteTimeout = Timeout.Infinite;

    private SerialLine? _line;
    private bool _wasOpen;

    /// <summary>A port that is not open, without a name yet.</summary>
    public SerialPort()
        : base("a serial port", isOpen: false)
    {
    }

    /// <summary>A port that is not open: 9600 8N1 unless set otherwise.</summary>
    /// <param name="portName">As /dev/ttyUSB0, or a stable name under /dev/serial/by-id.</param>
    public SerialPort(string portName)
        : this() => PortName = portName;

    /// <param name="portName">As /dev/ttyUSB0, or a stable name under /dev/serial/by-id.</param>
    /// <param name="baudRate">Bits a second.</param>
    /// <inheritdoc cref="SerialPort(string)"/>
    public SerialPort(string portName, int baudRate)
        : this(portName) => BaudRate = baudRate;

    /// <param name="portName">As /dev/ttyUSB0, or a stable name under /dev/serial/by-id.</param>
    /// <param name="baudRate">Bits a second.</param>
    /// <param name="parity">The parity bit.</param>
    /// <inheritdoc cref="SerialPort(string)"/>
    public SerialPort(string portName, int baudRate, Parity parity)
        : this(portName, baudRate) => Parity = parity;

    /// <param name="portName">As /dev/ttyUSB0, or a stable name under /dev/serial/by-id.</param>
    /// <param name="baudRate">Bits a second.</param>
    /// <param name="parity">The parity bit.</param>
    /// <param name="dataBits">5 to 8.</param>
    /// <inheritdoc cref="SerialPort(string)"/>
    public SerialPort(string portName, int baudRate, Parity parity, int dataBits)
        : this(portName, baudRate, parity) => DataBits = dataBits;

    /// <param name="portName">As /dev/ttyUSB0, or a stable name under /dev/serial/by-id.</param>
    /// <param name="baudRate">Bits a second.</param>
    /// <param name="parity">The parity bit.</param>
    /// <param name="dataBits">5 to 8.</param>
    /// <param name="stopBits">The stop bits.</param>
    /// <inheritdoc cref="SerialPort(string)"/>
    public SerialPort(string portName, int baudRate, Parity parity, int dataBits, StopBits stopBits)
        : this(portName, baudRate, parity, dataBits) => StopBits = stopBits;

    /// <summary>Whether it is open. A device that was unplugged is open until it is closed.</summary>
    public bool IsOpen => !IsClosed;

    /// <summary>This port: it is the stream.</summary>
    public Stream BaseStream => this;

    /// <summary>The opening that it has.</summary>
    internal SerialLine Line => OpenLine;

    private protected override int Descriptor => _isLost ? throw LostError() : _line!.Number;

    /// <summary>Through which it talks to the driver; tests put in drivers of their own.</summary>
    internal Func<FileDescriptor, ITty> Connect { get; init; } = static file => new KernelTty(file);

    /// <summary>Opens a tty and sets it; what it received before is thrown away.</summary>
    /// <param name="path">As /dev/ttyUSB0, or a stable name under /dev/serial/by-id.</param>
    /// <param name="settings">9600 8N1 unless given.</param>
    /// <exception cref="FileNotFoundException">There is no such device.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission; the message says which group.</exception>
    /// <exception cref="IOException">In use, and the message says by whom; no tty, no hardware behind it, or it refuses the settings.</exception>
    public static SerialPort Open(string path, SerialSettings? settings = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SerialPort port = new(path);
        try
        {
            if (settings is not null)
                port.Settings = settings;
            port.Open();
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

    /// <summary>The paths of this machine's serial devices, as /dev/ttyUSB0. <see cref="SerialDevices"/> tells more.</summary>
    public static string[] GetPortNames() => SerialDevices.GetPortNames();

    /// <summary>Opens it, with its present settings; also again, after it was closed.</summary>
    /// <exception cref="InvalidOperationException">It is open, or has no <see cref="PortName"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The settings don't go together; the port stays closed, here and below.</exception>
    /// <inheritdoc cref="Open(string, SerialSettings?)"/>
    public void Open()
    {
        if (IsOpen)
            throw new InvalidOperationException($"{PortName} is open already.");
        if (PortName.Length == 0)
            throw new InvalidOperationException("Which port? Set PortName, as /dev/ttyUSB0.");
        _ = Settings.ToFrame();
        OnOpened(OpenSet());
    }

    private SerialLine OpenSet()
    {
        SerialLine line = SerialLine.Open(PortName, Connect);
        try
        {
            LineSetting.Apply(line, Settings, before: null, MarksErrors);
            _ = Termios.Flush(line.Number);
            return line;
        }
        catch
        {
            line.Dispose();
            throw;
        }
    }

    private protected override Action DescriptorToClose()
    {
        (SerialLine line, Reconnection? reconnection) = (_line!, _reconnection);
        return () =>
        {
            reconnection?.OnClosed();
            line.Dispose();
        };
    }

    private protected override void CloseDescriptor() => _line?.Dispose();

    private protected override Exception ClosedError() => !_wasOpen
        ? new InvalidOperationException($"{(PortName.Length == 0 ? "The port" : PortName)} is not open; call Open first.")
        : new ObjectDisposedException(PortName, $"{PortName} is closed; Open opens it again.");

    /// <summary>Closes it: who waits gets an <see cref="ObjectDisposedException"/>, and who blocks in it too. Others may have it at
    /// once. Any thread.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && IsOpen)
        {
            _reconnection?.Close();
            StopEvents();
            _line!.Leave();
        }

        base.Dispose(disposing);
    }

    private void OnOpened(SerialLine line)
    {
        _line = line;
        _wasOpen = true;
        BeginConnection();
        ForgetReceived();
        _sight = new ModemWatch.Sight();
        _breakState = false;
        _writeBegan = 0;
        SerialMeter.Add(line);
        Renew(PortName);
        _openedIn = CoroutineScheduler.CurrentOrNull;
        UpdateEvents();
    }
}
