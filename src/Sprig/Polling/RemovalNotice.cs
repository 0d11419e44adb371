using Sprig.Linux;

namespace Sprig.Polling;

/// <summary>An inotify by which a loop learns that the node of a device was removed. Kernels before 6.6 wake nobody who polls a
/// line when its chip goes, and answer ENODEV to who looks by himself.</summary>
internal sealed class RemovalNotice : IDisposable
{
    private readonly FileDescriptor _inotify;

    private RemovalNotice(FileDescriptor inotify) => _inotify = inotify;

    internal int Number => _inotify.Number;

    /// <summary>Null where the kernel gives none (a user may have 128): then removals are told to who looks, or by a newer
    /// kernel.</summary>
    internal static RemovalNotice? TryCreate()
        => Inotify.Create() is >= 0 and int created ? new RemovalNotice(new FileDescriptor(created)) : null;

    /// <summary>False: there is no such node, it may be gone already.</summary>
    internal bool Follow(string path) => Inotify.FollowRemoval(_inotify.Number, path) != -Errno.ENOENT;

    /// <summary>Takes what was told.</summary>
    internal void Reset()
    {
        Span<byte> events = stackalloc byte[1024];
        while (Syscall.Read(_inotify.Number, events) > 0)
        {
            // What it was doesn't matter: who follows looks again.
        }
    }

    public void Dispose() => _inotify.Dispose();
}
