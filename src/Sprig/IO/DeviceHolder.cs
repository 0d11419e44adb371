using System.Globalization;

namespace Sprig.IO;

/// <summary>A process that has a device open.</summary>
/// <param name="Process">Its number.</param>
/// <param name="Name">As ps shows it.</param>
public sealed record DeviceHolder(int Process, string Name)
{
    /// <summary>"minicom (process 1234)".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} (process {Process})");

    /// <summary>The first process that has a path open which begins so; null when there is none, or none that this user may look into.</summary>
    internal static DeviceHolder? Find(string prefix) => FindWhere(open => open.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>The first process that has this very device open.</summary>
    /// <param name="path">Its own, not that of a link: /dev/ttyUSB1 is not /dev/ttyUSB10.</param>
    /// <inheritdoc cref="Find"/>
    internal static DeviceHolder? FindOf(string path) => FindWhere(open => open == path);

    private static DeviceHolder? FindWhere(Func<string, bool> isIt)
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int process) && Holds(folder, isIt))
                return new DeviceHolder(process, NameOf(folder));
        }

        return null;
    }

    private static bool Holds(string folder, Func<string, bool> isIt)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"{folder}/fd").Any(link => new FileInfo(link).LinkTarget is { } open && isIt(open));
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            // Another user's, or gone meanwhile.
            return false;
        }
    }

    private static string NameOf(string folder)
    {
        try
        {
            return File.ReadAllText($"{folder}/comm").Trim();
        }
        catch (IOException)
        {
            return "a process that has ended";
        }
    }
}
