using System.Globalization;
using Sprig.Linux;

namespace Sprig.IO.Ports;

/// <summary>How a serial line is set: 9600 baud, 8 data bits, no parity, 1 stop bit unless said.</summary>
public sealed record SerialSettings
{
    /// <summary>Bits a second: any rate that the hardware makes, not the usual ones alone.</summary>
    public int BaudRate { get; init; } = 9600;

    /// <summary>5 to 8.</summary>
    public int DataBits { get; init; } = 8;

    /// <summary>The parity bit.</summary>
    public Parity Parity { get; init; }

    /// <summary>The stop bits: one unless said.</summary>
    public StopBits StopBits { get; init; } = StopBits.One;

    /// <summary>How the two ends stop each other: not at all unless said.</summary>
    public Handshake Handshake { get; init; }

    /// <summary>DTR, set when the port is opened; null leaves it alone.</summary>
    public bool? DtrEnable { get; init; }

    /// <summary>RTS, set when the port is opened; null leaves it alone, and so does a handshake by it.</summary>
    public bool? RtsEnable { get; init; }

    /// <summary>The driver switches the sender of an RS-485 line; null leaves that as it is.</summary>
    public Rs485Settings? Rs485 { get; init; }

    /// <summary>The driver hands on what it has at once, instead of collecting some first (a USB adapter of FTDI's: for 16 ms). An error
    /// where the driver has no such thing.</summary>
    public bool LowLatency { get; init; }

    /// <summary>DTR and RTS fall when the port is closed: a modem hangs up, and an Arduino is reset by the next opening.</summary>
    public bool HangUpOnClose { get; init; }

    /// <summary>What is done when the device is unplugged. Null, unless set: whoever reads or writes gets an <see cref="IOException"/>.
    /// A policy: the port waits for its name to come back and goes on with the same settings. Not changed while it is open.</summary>
    public ReopenPolicy? Reopen { get; init; }

    /// <summary>"115200 8N1".</summary>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{BaudRate} {DataBits}{"NOEMS"[(int)Parity]}{StopBitsText}{HandshakeText}");

    internal bool HandshakesByLines => Handshake is Handshake.RequestToSend or Handshake.RequestToSendXOnXOff;

    private bool HandshakesByCharacters => Handshake is Handshake.XOnXOff or Handshake.RequestToSendXOnXOff;

    private string StopBitsText => StopBits switch { StopBits.Two => "2", StopBits.OnePointFive => "1.5", _ => "1" };

    private string HandshakeText => Handshake switch
    {
        Handshake.XOnXOff => " XON/XOFF",
        Handshake.RequestToSend => " RTS/CTS",
        Handshake.RequestToSendXOnXOff => " RTS/CTS XON/XOFF",
        _ => "",
    };

    /// <summary>The bits of c_iflag that say the handshake.</summary>
    internal uint ToInput() => HandshakesByCharacters ? Termios.StopInput | Termios.StopOutput : 0;

    /// <summary>The bits of c_cflag that say the frame, after checking the numbers.</summary>
    internal uint ToFrame()
    {
        Reopen?.Check();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BaudRate);
        ArgumentOutOfRangeException.ThrowIfLessThan(DataBits, 5);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(DataBits, 8);
        if (StopBits == StopBits.None || !Enum.IsDefined(StopBits))
            throw new ArgumentOutOfRangeException(nameof(StopBits), StopBits, "One or Two; OnePointFive with 5 data bits.");
        if (StopBits == StopBits.OnePointFive && DataBits != 5)
            throw new ArgumentOutOfRangeException(nameof(StopBits), StopBits, "Hardware makes one and a half stop bits with 5 data bits alone.");
        if (!Enum.IsDefined(Parity))
            throw new ArgumentOutOfRangeException(nameof(Parity), Parity, "None, Odd, Even, Mark or Space.");
        if (!Enum.IsDefined(Handshake))
            throw new ArgumentOutOfRangeException(nameof(Handshake), Handshake, "None, XOnXOff, RequestToSend or RequestToSendXOnXOff.");
        uint frame = (uint)(DataBits - 5) << 4;
        if (StopBits != StopBits.One)
            frame |= Termios.TwoStopBits;
        return frame | Parity switch
        {
            Parity.Odd => Termios.ParityEnable | Termios.ParityOdd,
            Parity.Even => Termios.ParityEnable,
            Parity.Mark => Termios.ParityEnable | Termios.ParityStick | Termios.ParityOdd,
            Parity.Space => Termios.ParityEnable | Termios.ParityStick,
            _ => 0,
        };
    }
}
