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

    /// <summary>What is done when the device is unplugged. Null, unless set: whoever reads or writes gets an <see cref="IOException"/>.
    /// A policy: the port waits for its name to come back and goes on with the same settings.</summary>
    public ReopenPolicy? Reopen { get; init; }

    /// <summary>"115200 8N1".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{BaudRate} {DataBits}{"NOEMS"[(int)Parity]}{StopBitsText}");

    private string StopBitsText => StopBits switch { StopBits.Two => "2", StopBits.OnePointFive => "1.5", _ => "1" };

    /// <summary>The bits of c_cflag that say the frame, after checking the numbers.</summary>
    internal uint ToFrame()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BaudRate);
        ArgumentOutOfRangeException.ThrowIfLessThan(DataBits, 5);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(DataBits, 8);
        if (StopBits == StopBits.None || !Enum.IsDefined(StopBits))
            throw new ArgumentOutOfRangeException(nameof(StopBits), StopBits, "One or Two; OnePointFive with 5 data bits.");
        if (StopBits == StopBits.OnePointFive && DataBits != 5)
            throw new ArgumentOutOfRangeException(nameof(StopBits), StopBits, "Hardware makes one and a half stop bits with 5 data bits alone.");
        if (!Enum.IsDefined(Parity))
            throw new ArgumentOutOfRangeException(nameof(Parity), Parity, "None, Odd, Even, Mark or Space.");
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
