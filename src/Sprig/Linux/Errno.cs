using System.Runtime.InteropServices;

namespace Sprig.Linux;

/// <summary>The kernel's error numbers that Sprig has something to say about, and their texts.</summary>
internal static class Errno
{
    internal const int EPERM = 1;
    internal const int ENOENT = 2;
    internal const int EINTR = 4;
    internal const int EIO = 5;
    internal const int ENXIO = 6;
    internal const int EAGAIN = 11;
    internal const int ENOMEM = 12;
    internal const int EACCES = 13;
    internal const int EBUSY = 16;
    internal const int ENODEV = 19;
    internal const int ENOTDIR = 20;
    internal const int EINVAL = 22;
    internal const int EMFILE = 24;
    internal const int ENOTTY = 25;
    internal const int EPIPE = 32;
    internal const int ENOSYS = 38;
    internal const int EMSGSIZE = 90;
    internal const int EOPNOTSUPP = 95;
    internal const int ENOBUFS = 105;

    /// <summary>The kernel's own; drivers of chips let it slip out, and no libc knows it.</summary>
    internal const int ENOTSUPP = 524;

    /// <summary>The text of <c>strerror</c>, with the number: "Device or resource busy (errno 16)".</summary>
    internal static unsafe string Describe(int errno)
    {
        byte* buffer = stackalloc byte[256];
        // glibc's form: it may answer with a static string instead of filling the buffer.
        byte* text = Libc.StrError(errno, buffer, 256);
        return $"{Marshal.PtrToStringUTF8((nint)text)} (errno {errno})";
    }

    /// <summary>An <see cref="IOException"/> that says what was being done, to which device, and what the kernel answered.</summary>
    internal static IOException ToException(int errno, string action, string device)
    {
        string text = $"{action} {device}: {Describe(errno)}";
        return errno is EIO or ENODEV or ENXIO
            ? new IOException($"{text}; the device is gone (unplugged, or its other end was closed)", errno)
            : new IOException(text, errno);
    }
}
