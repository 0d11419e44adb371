using Sprig.Linux;

namespace Sprig.IO;

/// <summary>How a serial line is set: 9600 baud, 8 data bits, no parity, 1 stop bit unless said.</summary>
public sealed record SerialSettings
{
    /// <summary>Bits a second: any rate that the hardware makes, not the usual ones alone.</summary>
    public int BaudRate { get; init; } = 9600;

    /// <summary>5 to 8.</summary>
    public int DataBits { get; init; } = 8;

    /// <summary>The parity bit.</summary>
    public SerialParity Parity { get; init; }

    /// <summary>1 or 2.</summary>
    public int StopBits { get; init; } = 1;

    /// <summary>"115200 8N1".</summary>
    public override string ToString() => $"{BaudRate} {DataBits}{"NOE"[(int)Parity]}{StopBits}";

    /// <summary>The bits of c_cflag that say the frame, after checking the numbers.</summary>
    internal uint ToFrame()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BaudRate);
        ArgumentOutOfRangeException.ThrowIfLessThan(DataBits, 5);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(DataBits, 8);
        ArgumentOutOfRangeException.ThrowIfLessThan(StopBits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(StopBits, 2);
        if (!Enum.IsDefined(Parity))
            throw new ArgumentOutOfRangeException(nameof(Parity), Parity, "None, Odd or Even.");
        uint frame = (uint)(DataBits - 5) << 4;
        if (StopBits == 2)
            frame |= Termios.TwoStopBits;
        if (Parity != SerialParity.None)
            frame |= Termios.ParityEnable | (Parity == SerialParity.Odd ? Termios.ParityOdd : 0);
        return frame;
    }
}
