using System.Buffers.Binary;

namespace Sprig.Linux;

/// <summary><c>struct termios2</c>: the settings of a tty, with any baud rate (BOTHER). 44 bytes, the same on x64, arm64
/// and arm (asm-generic/termbits.h).</summary>
internal sealed class Termios
{
    internal const uint CharacterSizeMask = 0x30;
    internal const uint TwoStopBits = 0x40;
    internal const uint ParityEnable = 0x100;
    internal const uint ParityOdd = 0x200;
    internal const uint ParityStick = 0x40000000;
    internal const uint HangUpOnClose = 0x400;
    internal const uint HardwareHandshake = 0x80000000;

    /// <summary>Of the input flags: parity is checked, and a wrong byte marked; the line's writer and reader stop each other by characters.</summary>
    internal const uint CheckParity = 0x10;
    internal const uint MarkErrors = 0x08;
    internal const uint StopOutput = 0x400;
    internal const uint StopInput = 0x1000;
    private const uint GetRequest = 0x802C542A;
    private const uint SetRequest = 0x402C542B;
    private const int FlushBoth = 2;
    private const int Size = 44;
    private const int ControlOffset = 8;
    private const int CharactersOffset = 17;
    private const int MinimumIndex = 6;
    private const int TimeIndex = 5;
    private const int StartIndex = 8;
    private const int StopIndex = 9;
    private const byte XOn = 0x11;
    private const byte XOff = 0x13;
    private const int InputSpeedOffset = 36;
    private const int OutputSpeedOffset = 40;
    private const uint BaudMask = 0x100F;
    private const uint BaudOther = 0x1000;
    private const uint InputBaudMask = BaudMask << 16;
    private const uint Receive = 0x80;
    private const uint IgnoreModemLines = 0x800;
    private readonly byte[] _bytes = new byte[Size];

    internal uint Input
    {
        get => BinaryPrimitives.ReadUInt32LittleEndian(_bytes);
        private set => BinaryPrimitives.WriteUInt32LittleEndian(_bytes, value);
    }

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

    /// <inheritdoc cref="Get(int, out Termios)"/>
    internal static int Get(ITty tty, out Termios settings)
    {
        settings = new Termios();
        return tty.Control(GetRequest, settings._bytes);
    }

    internal int Set(int fd) => Syscall.Ioctl(fd, SetRequest, _bytes);

    internal int Set(ITty tty) => tty.Control(SetRequest, _bytes);

    internal Termios Copy()
    {
        Termios copy = new();
        _bytes.CopyTo(copy._bytes, 0);
        return copy;
    }

    /// <summary>Bytes as they come: no echo, no line editing, no signals, no translation; reads give what is there and EAGAIN when
    /// nothing is; the modem lines are left alone, also on close unless asked for (an Arduino is not reset).</summary>
    /// <param name="baudRate">Any.</param>
    /// <param name="frame">The bits of the frame; with those of the handshake and of the hang-up, if wanted.</param>
    /// <param name="input">The flags of the input.</param>
    internal void MakeRaw(uint baudRate, uint frame, uint input = 0)
    {
        _bytes.AsSpan(0, ControlOffset).Clear();
        _bytes.AsSpan(ControlOffset + 4, 4).Clear();
        Input = input;
        Control = (Control & ~(CharacterSizeMask | TwoStopBits | ParityEnable | ParityOdd | ParityStick | HangUpOnClose | HardwareHandshake | BaudMask | InputBaudMask))
            | frame | Receive | IgnoreModemLines | BaudOther | (BaudOther << 16);
        // VMIN 1, not 0: with 0 a read of an idle line answers 0, the same as one of a line that was hung up.
        _bytes[CharactersOffset + MinimumIndex] = 1;
        _bytes[CharactersOffset + TimeIndex] = 0;
        _bytes[CharactersOffset + StartIndex] = XOn;
        _bytes[CharactersOffset + StopIndex] = XOff;
        Speed = baudRate;
    }

    /// <summary>Further opens of this tty answer EBUSY (but for root).</summary>
    internal static int SetExclusive(int fd) => Syscall.Ioctl(fd, SerialUapi.SetExclusive);

    /// <summary>Others may open it again. The end of the last descriptor does not say so where the tty lives on: a pty's does
    /// while its other end is open.</summary>
    internal static int SetShared(int fd) => Syscall.Ioctl(fd, SerialUapi.SetShared);

    /// <summary>Whether somebody has said that further opens answer EBUSY: one who is root does not hear it by opening.</summary>
    internal static bool IsExclusive(int fd)
    {
        Span<byte> answer = stackalloc byte[sizeof(int)];
        return Syscall.Ioctl(fd, SerialUapi.GetExclusive, answer) >= 0 && BinaryPrimitives.ReadInt32LittleEndian(answer) != 0;
    }

    /// <summary>Throws away what was received and not read, and what was written and not sent.</summary>
    internal static int Flush(int fd) => Syscall.Ioctl(fd, SerialUapi.FlushQueues, FlushBoth);
}
