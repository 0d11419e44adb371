using System.Globalization;
using Sprig.Scheduling;
using Sprig.Supervision;
using Sprig.Tests.IO;
using Xunit;

namespace Sprig.Tests.Supervision;

/// <summary>Runs with pools of processes, by the machine's clock; and what became of the processes.</summary>
internal static class WorkerRun
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    /// <summary>A run with a pool, of which no process is left.</summary>
    internal static void With(int size, Func<ProcessPool, Task> body, ProcessPoolOptions? options = null)
    {
        HashSet<int> seen = [];
        IoLoop.Run(async () =>
        {
            await using ProcessPool pool = new(size, options);
            await body(pool);
            seen = [.. pool.ProcessIds];
        });
        Assert.All(seen, AssertReaped);
    }

    /// <summary>It is neither running nor a zombie of ours.</summary>
    internal static void AssertReaped(int process)
        => Assert.False(Stat(process) is [_, var parent, ..] && parent == $"{Environment.ProcessId}", $"Process {process} is left.");

    /// <summary>Waits until it runs no more: one that is not our child may stay a zombie.</summary>
    internal static async Task UntilEnded(int process)
    {
        long end = Environment.TickCount64 + (long)s_limit.TotalMilliseconds;
        while (Stat(process) is [not "Z", ..])
        {
            Assert.True(Environment.TickCount64 < end, $"Process {process} does not end.");
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
        }
    }

    /// <summary>A path for a file that is not there.</summary>
    internal static string NewPath() => Path.Combine(Path.GetTempPath(), $"sprig-{Guid.NewGuid():N}");

    /// <summary>Waits until <see cref="WorkerEntries.Block"/> blocks, and gives its process's number.</summary>
    internal static async Task<int> UntilBlocked(string file)
    {
        while (!File.Exists(file))
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
        int process = int.Parse(await File.ReadAllTextAsync(file), CultureInfo.InvariantCulture);
        File.Delete(file);
        return process;
    }

    /// <summary>State, parent and the rest; null when there is none.</summary>
    private static string[]? Stat(int process)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
