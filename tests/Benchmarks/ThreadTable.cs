namespace Benchmarks;

/// <summary>The threads of a process and how often each has gone to sleep of its own accord, as the kernel counts it:
/// a wake-up each.</summary>
internal sealed class ThreadTable
{
    private readonly Dictionary<int, (string Name, long Switches)> _threads = [];

    internal int Count => _threads.Count;

    internal static ThreadTable Of(int process)
    {
        ThreadTable table = new();
        foreach (string directory in Directory.GetDirectories($"/proc/{process}/task"))
        {
            try
            {
                string[] status = File.ReadAllLines($"{directory}/status");
                long switches = long.Parse(Value(status, "voluntary_ctxt_switches:"));
                table._threads[int.Parse(Path.GetFileName(directory))] = (Value(status, "Name:").Replace(' ', '_'), switches);
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }

        return table;
    }

    internal long SwitchesSince(ThreadTable before) => _threads.Keys.Sum(thread => SwitchesSince(before, thread));

    internal long SwitchesSince(ThreadTable before, int thread)
        => _threads.TryGetValue(thread, out var now) ? now.Switches - before._threads.GetValueOrDefault(thread).Switches : 0;

    /// <summary>"name:switches" of each, in the order of birth.</summary>
    internal string DescribeSince(ThreadTable before)
        => string.Join(',', _threads.OrderBy(thread => thread.Key).Select(thread => $"{thread.Value.Name}:{SwitchesSince(before, thread.Key)}"));

    private static string Value(string[] status, string key)
        => status.First(line => line.StartsWith(key, StringComparison.Ordinal))[key.Length..].Trim();
}
