using System.Diagnostics;
using System.Globalization;

namespace Sprig.Cli.Demo;

/// <summary>Counts how often the process's threads went to sleep of their own will: each is a wake-up.</summary>
internal sealed class WakeupMeter
{
    private const string Field = "voluntary_ctxt_switches:";
    private readonly long _before = Count();
    private readonly long _since = Stopwatch.GetTimestamp();

    internal double PerSecond()
    {
        double seconds = Stopwatch.GetElapsedTime(_since).TotalSeconds;
        return seconds <= 0 ? 0 : Math.Round(Math.Max(0, Count() - _before) / seconds, 1);
    }

    private static long Count()
    {
        long sum = 0;
        foreach (string task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            try
            {
                foreach (string line in File.ReadLines($"{task}/status"))
                {
                    if (line.StartsWith(Field, StringComparison.Ordinal))
                        sum += long.Parse(line.AsSpan(Field.Length), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
                }
            }
            catch (IOException)
            {
                // The thread has ended meanwhile.
            }
        }

        return sum;
    }
}
