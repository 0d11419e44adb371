using Sprig.Linux;
using Xunit;

namespace Sprig.Tests.Support;

/// <summary>Tests that count this process's descriptors or lower its limits run alone: neither may a neighbour's open
/// descriptor be counted as a leak, nor a neighbour fail by our limit.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class DescriptorTable
{
    internal const string Name = "The process's table of descriptors";
    private const int NumberOfFiles = 7;

    /// <summary>How many descriptors of the kinds that the ground makes are open. Other kinds are the test runner's and the
    /// runtime's own, and may come and go at any time.</summary>
    internal static int CountGroundDescriptors()
        => Directory.GetFiles("/proc/self/fd").Count(IsGroundDescriptor);

    /// <summary>Runs <paramref name="action"/> while exactly <paramref name="room"/> more descriptors can be opened.</summary>
    internal static T WithRoomFor<T>(int room, Func<T> action)
    {
        NativeCalls.Require(NativeCalls.GetLimit(NumberOfFiles, out NativeCalls.ResourceLimit before), "getrlimit");
        NativeCalls.ResourceLimit lowered = before;
        lowered.Current = (nuint)FreeNumber(room);
        NativeCalls.Require(NativeCalls.SetLimit(NumberOfFiles, lowered), "setrlimit");
        try
        {
            return action();
        }
        finally
        {
            NativeCalls.Require(NativeCalls.SetLimit(NumberOfFiles, before), "setrlimit");
        }
    }

    /// <summary>Gives a constructor room for 0, 1, 2 ... descriptors until it succeeds. Each failure must say EMFILE and
    /// leave nothing behind. Says how many descriptors it took in the end.</summary>
    internal static int AssertLeaksNothingWhenDescriptorsRunOut(Func<IDisposable> create)
    {
        // Once unhindered: code that is compiled and loaded for the first time may itself open files.
        create().Dispose();
        // Losses of earlier tests that the finalizer would give back in the middle of ours must not hide a leak.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        int before = CountGroundDescriptors();
        for (int room = 0; room < 10; room++)
        {
            (IDisposable? made, IOException? failure) = WithRoomFor(room, () => Try(create));
            if (made is not null)
            {
                int taken = CountGroundDescriptors() - before;
                made.Dispose();
                Assert.Equal(before, CountGroundDescriptors());
                return taken;
            }

            Assert.Equal(Errno.EMFILE, failure!.HResult);
            Assert.Equal(before, CountGroundDescriptors());
        }

        throw new InvalidOperationException("It still fails with room for ten descriptors.");
    }

    private static (IDisposable? Made, IOException? Failure) Try(Func<IDisposable> create)
    {
        try
        {
            return (create(), null);
        }
        catch (IOException e)
        {
            return (null, e);
        }
    }

    // New descriptors take the lowest free numbers; the limit is one on numbers. This is the free number with 'room' free ones below it.
    private static int FreeNumber(int room)
    {
        List<FileDescriptor> taken = [];
        try
        {
            for (int i = 0; i <= room; i++)
                taken.Add(FileDescriptor.FromResult(EpollCalls.CreateEvent(), "create", "an eventfd"));
            return taken[^1].Number;
        }
        finally
        {
            taken.ForEach(descriptor => descriptor.Dispose());
        }
    }

    private static bool IsGroundDescriptor(string path)
    {
        try
        {
            string? target = new FileInfo(path).LinkTarget;
            return target is not null && (target.Contains("eventpoll", StringComparison.Ordinal)
                || target.Contains("eventfd", StringComparison.Ordinal)
                || target.Contains("timerfd", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            // Closed since the directory was listed (the listing's own descriptor is one of them).
            return false;
        }
    }
}
