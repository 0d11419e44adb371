using System.Buffers.Binary;

namespace Sprig.Linux;

/// <summary><c>struct termios2</c>: the settings of a tty, with any baud rate (BOTHER). 44 bytes, the same on x64, arm64
/// and arm (asm-generic/termbits.h).</summary>
internal sealed class Termios
{
    /// <summary>A tty hands out 4095 bytes at a time, or less, though its driver may hold more, which the next read fetches: without a
    /// sleep in between, where this many came.</summary>
    internal const int MostAtOnce = 2048;

    internal const uint CharacterSizeMask = 0x30;
    internal const uint TwoStopBits = 0x40;
    internal const uint ParityEnable = 0x100;
    internal const uint ParityOdd = 0x200;
    internal const uint ParityStick = 0x40000000;
    private const uint GetRequest = 0x802C542A;
    private const uint SetRequest = 0x402C542B;
    private const uint ExclusiveRequest = 0x540C;
    private const uint SharedRequest = 0x540D;
    private const uint FlushRequest = 0x540B;
    private const int FlushBoth = 2;
    private const int Size = 44;
    private const int ControlOffset = 8;
    private const int CharactersOffset = 17;
    private const int MinimumIndex = 6;
    private const int TimeIndex = 5;
    private const int InputSpeedOffset = 36;
    private const int OutputSpeedOffset = 40;
    private const uint BaudMask = 0x100F;
    private const uint BaudOther = 0x1000;
    private const uint InputBaudMask = BaudMask << 16;
    private const uint Receive = 0x80;
    private const uint HangUpOnClose = 0x400;
    private const uint IgnoreModemLines = 0x800;
    private const uint HardwareHandshake = 0x80000000;
    private readonly byte[] _bytes = new byte[Size];

    internal uint Control
    {
        get => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(ControlOffset));
        private set => BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(ControlOffset), value);
    }

    internal uint Speed
    {
        get => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(OutputSpeedOffset));
        private set
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(InputSpeedOffset), value);
            BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(OutputSpeedOffset), value);
        }
    }

    /// <summary>The settings of a tty, or minus errno: ENOTTY when it is none.</summary>
    internal static int Get(int fd, out Termios settings)
    {
        settings = new Termios();
        return Syscall.Ioctl(fd, GetRequest, settings._bytes);
    }

    internal int Set(int fd) => Syscall.Ioctl(fd, SetRequest, _bytes);

    /// <summary>Bytes as they come: no echo, no line editing, no signals, no translation, no flow control; reads give what is
    /// there and EAGAIN when nothing is; the modem lines are left alone, also on close (an Arduino is not reset).</summary>
    internal void MakeRaw(uint baudRate, uint frame)
    {
        _bytes.AsSpan(0, ControlOffset).Clear();
        _bytes.AsSpan(ControlOffset + 4, 4).Clear();
        Control = (Control & ~(CharacterSizeMask | TwoStopBits | ParityEnable | ParityOdd | ParityStick | HangUpOnClose | HardwareHandshake | BaudMask | InputBaudMask))
            | frame | Receive | IgnoreModemLines | BaudOther | (BaudOther << 16);
        // VMIN 1, not 0: with 0 a read of an idle line answers 0, the same as one of a line that was hung up.
        _bytes[CharactersOffset + MinimumIndex] = 1;
        _bytes[CharactersOffset + TimeIndex] = 0;
        Speed = baudRate;
    }

    /// <summary>Further opens of this tty answer EBUSY (but for root).</summary>
    internal static int SetExclusive(int fd) => Syscall.Ioctl(fd, ExclusiveRequest);

    /// <summary>Others may open it again. The end of the last descriptor does not say so where the tty lives on: a pty's does
    /// while its other end is open.</summary>
    internal static int SetShared(int fd) => Syscall.Ioctl(fd, SharedRequest);

    /// <summary>Throws away what was received and not read, and what was written and not sent.</summary>
    internal static int Flush(int fd) => Syscall.Ioctl(fd, FlushRequest, FlushBoth);
}
