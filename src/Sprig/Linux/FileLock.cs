namespace Sprig.Linux;

/// <summary>flock: who has an open file to himself. It binds root too, and this process's other descriptors; it ends with the open file.</summary>
internal static class FileLock
{
    private const int Exclusive = 2;
    private const int WithoutWaiting = 4;
    private const int Release = 8;

    /// <summary>0, or minus errno: EAGAIN when another has it.</summary>
    internal static int TryTake(int fd)
    {
        int result;
        do result = Syscall.Check(Libc.Flock(fd, Exclusive | WithoutWaiting));
        while (result == -Errno.EINTR);
        return result;
    }

    internal static void GiveBack(int fd) => _ = Syscall.Check(Libc.Flock(fd, Release));
}
