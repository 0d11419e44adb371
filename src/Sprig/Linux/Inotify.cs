namespace Sprig.Linux;

/// <summary>inotify, for one question: whether a device's node is still there.</summary>
internal static class Inotify
{
    // A removed node loses its name, and so changes the number of its links; it is not deleted while somebody has it open.
    private const uint Attributes = 0x004;
    private const uint Deleted = 0x400;

    /// <summary>A descriptor (non-blocking, close-on-exec), or minus errno.</summary>
    internal static int Create() => Syscall.Check(Libc.InotifyInit(Syscall.OpenNonBlocking | Syscall.OpenCloseOnExec));

    /// <summary>From now on the descriptor is readable when the node is removed. Twice is once.</summary>
    internal static int FollowRemoval(int inotify, string path) => Syscall.Check(Libc.InotifyAddWatch(inotify, path, Attributes | Deleted));
}
