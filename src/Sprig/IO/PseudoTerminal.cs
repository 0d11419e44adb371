using Sprig.Linux;

namespace Sprig.IO;

/// <summary>A pseudo-terminal: a true tty at <see cref="DevicePath"/>, whose other end is this stream. For virtual serial
/// devices, and programs that want a terminal.</summary>
/// <remarks>Disposing it unplugs the tty: who has it open reads the hang-up. Reading while nobody has it open is an
/// <see cref="IOException"/>. It has no modem lines. See <see cref="FdStream"/> for the rules.</remarks>
public sealed class PseudoTerminal : FdStream
{
    private readonly FileDescriptor _master;

    private PseudoTerminal(FileDescriptor master, string path)
        : base($"the other end of {path}")
    {
        _master = master;
        DevicePath = path;
    }

    /// <summary>The path of the tty, as /dev/pts/3.</summary>
    public string DevicePath { get; }

    private protected override int Descriptor => _master.Number;

    /// <summary>Makes one, in raw mode: bytes pass as they are, both ways.</summary>
    public static PseudoTerminal Open()
    {
        FileDescriptor master = FileDescriptor.FromResult(PtyCalls.OpenMaster(), "open", "a pseudo-terminal");
        try
        {
            string path = PtyCalls.SlavePath(master.Number);
            // Settings belong to the pair, and are the cooked ones at first: what came before the other end opened would be echoed.
            int result = Termios.Get(master.Number, out Termios settings);
            if (result >= 0)
            {
                settings.MakeRaw(38_400, Termios.CharacterSizeMask);
                result = settings.Set(master.Number);
            }

            return result >= 0 ? new PseudoTerminal(master, path) : throw Errno.ToException(-result, "set up", path);
        }
        catch
        {
            master.Dispose();
            throw;
        }
    }

    private protected override int MostAtOnce => Termios.MostAtOnce;

    private protected override int TryRead(Span<byte> buffer) => Syscall.Read(_master.Number, buffer);

    private protected override int TryWrite(ReadOnlySpan<byte> buffer) => Syscall.Write(_master.Number, buffer);

    private protected override void CloseDescriptor() => _master.Dispose();
}
