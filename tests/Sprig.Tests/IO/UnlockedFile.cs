using Microsoft.Win32.SafeHandles;
using Sprig.Linux;
using Xunit;

namespace Sprig.Tests.IO;

/// <summary>Reads a file as cat would: a lock is for those who ask for one, and .NET's own readers do.</summary>
internal static class UnlockedFile
{
    internal static StreamReader Open(string path)
    {
        int opened = Syscall.Open(path, Syscall.OpenReadWrite);
        Assert.True(opened >= 0, path);
        return new StreamReader(new FileStream(new SafeFileHandle(opened, ownsHandle: true), FileAccess.Read));
    }

    internal static string Read(string path)
    {
        using StreamReader reader = Open(path);
        return reader.ReadToEnd();
    }
}
