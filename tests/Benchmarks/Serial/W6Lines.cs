using System.Globalization;

namespace Benchmarks.Serial;

/// <summary>W6: the reader of lines of 32 bytes from a tty, in a burst (CPU of the reader a line) or a thousand a second (from the write
/// to the handler).</summary>
internal static class W6Lines
{
    internal const string Usage = "w6 TTYPATH burst|paced COUNT [sprig|default [WAY [WARM_UP_SECONDS]]]";

    internal static Measurement? Run(string[] arguments)
    {
        if (arguments is not [string path, "burst" or "paced", string count, .. string[] rest])
            return null;
        string side = rest.Length > 0 ? rest[0] : Workload.Sprig;
        TimeSpan warmUp = TimeSpan.FromSeconds(rest.Length > 2 ? double.Parse(rest[2], CultureInfo.InvariantCulture) : 0);
        LineRun run = new(side, arguments[1] == "paced", int.Parse(count, CultureInfo.InvariantCulture), warmUp);
        return side == Workload.Default
            ? DefaultLines.Run(path, run, rest.Length > 1 ? rest[1] : DefaultLines.Ways[0])
            : SprigLines.Run(path, run, rest.Length > 1 ? rest[1] : SprigLines.Ways[0]);
    }
}
