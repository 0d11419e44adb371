using System.Text;

namespace Sprig.Linux;

/// <summary>The calls that make a pseudo-terminal.</summary>
internal static unsafe class PtyCalls
{
    /// <summary>The master's descriptor, non-blocking, or minus errno.</summary>
    internal static int OpenMaster()
    {
        int fd = Syscall.Check(Libc.PosixOpenPt(Syscall.OpenReadWrite | Syscall.OpenNoControllingTerminal | Syscall.OpenCloseOnExec));
        if (fd < 0)
            return fd;
        int result = Syscall.Check(Libc.GrantPt(fd));
        if (result >= 0)
            result = Syscall.Check(Libc.UnlockPt(fd));
        if (result >= 0)
            result = Syscall.SetNonBlocking(fd);
        if (result >= 0)
            return fd;
        _ = Libc.Close(fd);
        return result;
    }

    /// <summary>The path of the other end, as /dev/pts/3.</summary>
    internal static string SlavePath(int master)
    {
        byte* buffer = stackalloc byte[64];
        int error = Libc.PtsName(master, buffer, 64);
        if (error != 0)
            throw Errno.ToException(error, "name the other end of", "a pseudo-terminal");
        ReadOnlySpan<byte> text = new(buffer, 64);
        return Encoding.UTF8.GetString(text[..text.IndexOf((byte)0)]);
    }
}
