using System.Runtime.InteropServices;

namespace Sprig.Linux;

/// <summary>Owns one descriptor and closes it once. The loop runs on the raw number; this only decides when it dies.</summary>
internal sealed class FileDescriptor : SafeHandle
{
    internal FileDescriptor(int fd)
        : base(-1, ownsHandle: true) => SetHandle(fd);

    public override bool IsInvalid => handle < 0;

    /// <summary>The number, for calls made while the owner is surely alive: the loop thread, between open and close.</summary>
    internal int Number => IsClosed ? throw new ObjectDisposedException(nameof(FileDescriptor)) : (int)handle;

    /// <summary>Takes what a syscall answered: a descriptor, or -errno, which is thrown with the action and the thing named.</summary>
    internal static FileDescriptor FromResult(int result, string action, string device)
        => result >= 0 ? new FileDescriptor(result) : throw Errno.ToException(-result, action, device);

    // Linux frees the number even when close answers EINTR: trying again could close a stranger's descriptor.
    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0 || Marshal.GetLastPInvokeError() == Errno.EINTR;
}
