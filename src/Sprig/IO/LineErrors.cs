using Sprig.Linux;

namespace Sprig.IO;

/// <summary>What the kernel's errors about lines mean, and the cure.</summary>
internal static class LineErrors
{
    /// <summary>The chip can't do what was asked for.</summary>
    internal static IOException Refused(int errno, string action, string lines, IReadOnlyList<GpioLineSettings> settings)
    {
        if (errno is not (Errno.EINVAL or Errno.ENXIO or Errno.EOPNOTSUPP or Errno.ENOTSUPP))
            return Errno.ToException(errno, action, lines);
        string[] asked = [.. settings.SelectMany(Wishes).Distinct()];
        string wishes = asked.Length == 0 ? "" : $": it may lack {string.Join(", ", asked)}";
        return new IOException($"{action} {lines}: the chip refuses these settings{wishes}. {Errno.Describe(errno)}", errno);
    }

    /// <summary>Somebody else has them.</summary>
    internal static IOException Busy(string chip, IEnumerable<GpioLineInfo> lines)
    {
        GpioLineInfo[] held = [.. lines.Where(line => line.IsUsed)];
        string cure = held.All(line => line.IsReserved)
            ? "turn that off, or choose another line"
            : "end that program (if it is this one: give the line back first), or choose another line";
        return new IOException(held.Length > 0
            ? $"{string.Join("; ", held.Select(line => $"line {line.Line} of {chip} is {HolderOf(line)}"))}; {cure}."
            : $"A line of {chip} is in use, and was given back since: try again.", Errno.EBUSY);
    }

    /// <exception cref="ArgumentException">The kernel takes ten.</exception>
    internal static void ThrowIfTooMany(int attributes, string lines)
    {
        if (attributes > GpioUapi.MostAttributes)
        {
            throw new ArgumentException($"{lines} are set in so many ways that it takes {attributes} attributes, and the kernel takes {GpioUapi.MostAttributes} a "
                + "request: one for each set of flags but the most common, for each debounce time, and for the outputs' levels. Open them in several groups.");
        }
    }

    private static string HolderOf(in GpioLineInfo line)
        => line.IsReserved ? "reserved by the kernel (a bus, or another function of its pin)" : $"held by '{line.Consumer}'";

    private static IEnumerable<string> Wishes(GpioLineSettings settings)
    {
        if (settings.Bias != GpioBias.AsIs)
            yield return $"the bias {settings.Bias}";
        if (settings.Drive != GpioDrive.PushPull)
            yield return $"the drive {settings.Drive}";
        if (settings.Edges != GpioEdges.None)
            yield return "interrupts for edges";
        if (settings.Debounce != TimeSpan.Zero)
            yield return "a debouncer";
        if (settings.Clock != GpioClock.Monotonic)
            yield return $"the clock {settings.Clock}";
    }
}
