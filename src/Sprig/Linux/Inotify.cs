namespace Sprig.Linux;

/// <summary>inotify, for two questions: whether a device's node is still there, and whether one has come.</summary>
internal static class Inotify
{
    // A removed node loses its name, and so changes the number of its links; it is not deleted while somebody has it open.
    private const uint Attributes = 0x004;
    private const uint Deleted = 0x400;
    private const uint MovedIn = 0x080;
    private const uint Created = 0x100;
    private const uint Moved = 0x800;
    private const uint FoldersOnly = 0x01000000;

    /// <summary>A descriptor (non-blocking, close-on-exec), or minus errno.</summary>
    internal static int Create() => Syscall.Check(Libc.InotifyInit(Syscall.OpenNonBlocking | Syscall.OpenCloseOnExec));

    /// <summary>From now on the descriptor is readable when the node is removed. Twice is once.</summary>
    internal static int FollowRemoval(int inotify, string path) => Syscall.Check(Libc.InotifyAddWatch(inotify, path, Attributes | Deleted));

    /// <summary>From now on the descriptor is readable when a name has come into the folder, when one in it got another owner, group or
    /// mode, and when the folder goes. Twice is once.</summary>
    internal static int FollowArrivals(int inotify, string folder)
        => Syscall.Check(Libc.InotifyAddWatch(inotify, folder, Created | MovedIn | Attributes | Deleted | Moved | FoldersOnly));
}
