using Xunit;

namespace Sprig.Cli.Tests;

/// <summary>The descriptors of this process; for tests that run alone.</summary>
internal static class OpenDescriptors
{
    internal static void AssertNoneLeakedBy(Action action)
    {
        // The first time loads what stays open for good; the runtime may open one or two of its own meanwhile.
        const int Times = 10;
        action();
        // What earlier tests have dropped is not to be closed in the midst of it.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        int before = Count();
        for (int i = 0; i < Times; i++)
            action();
        int leaked = Count() - before;
        Assert.True(leaked < Times, $"{leaked} more are open.");
    }

    private static int Count() => Directory.GetFileSystemEntries("/proc/self/fd").Length;
}
