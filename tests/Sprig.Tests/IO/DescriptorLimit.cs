using System.Runtime.InteropServices;
using Sprig.Linux;
using Xunit;

namespace Sprig.Tests.IO;

/// <summary>Tests that count the descriptors of the process or use them up: one at a time, with nothing beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public class DescriptorsCollection
{
    internal const string Name = "descriptors of the process";
}

/// <summary>Leaves the process without a free descriptor until it is disposed.</summary>
internal sealed class DescriptorLimit : IDisposable
{
    private const int OpenFiles = 7;
    private readonly List<FileDescriptor> _fillers = [];
    private readonly Limit _before;

    internal DescriptorLimit()
    {
        Assert.Equal(0, GetLimit(OpenFiles, out _before));
        Limit small = new() { Soft = 512, Hard = _before.Hard };
        Assert.Equal(0, SetLimit(OpenFiles, in small));
        int fd;
        while ((fd = EpollCalls.CreateEvent()) >= 0)
            _fillers.Add(new FileDescriptor(fd));
        Assert.Equal(-Errno.EMFILE, fd);
    }

    /// <summary>How many descriptors the process has.</summary>
    internal static int Count()
    {
        // What nobody holds any more is closed by finalizers, at some time: let it be now.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Directory.GetFileSystemEntries("/proc/self/fd").Length;
    }

    /// <summary>Gives one back.</summary>
    internal void FreeOne()
    {
        _fillers[^1].Dispose();
        _fillers.RemoveAt(_fillers.Count - 1);
    }

    public void Dispose()
    {
        _fillers.ForEach(filler => filler.Dispose());
        Assert.Equal(0, SetLimit(OpenFiles, in _before));
    }

    [DllImport("libc", EntryPoint = "getrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetLimit(int resource, out Limit limit);

    [DllImport("libc", EntryPoint = "setrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetLimit(int resource, in Limit limit);

    private struct Limit
    {
        internal nuint Soft;
        internal nuint Hard;
    }
}
