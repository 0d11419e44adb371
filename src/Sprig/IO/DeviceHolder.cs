using System.Globalization;

namespace Sprig.IO;

/// <summary>A process that has a device open.</summary>
/// <param name="Process">Its number.</param>
/// <param name="Name">As ps shows it.</param>
internal sealed record DeviceHolder(int Process, string Name)
{
    /// <summary>The first process that has a path open which begins so; null when there is none, or none that this user may look into.</summary>
    internal static DeviceHolder? Find(string prefix)
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int process) && Holds(folder, prefix))
                return new DeviceHolder(process, NameOf(folder));
        }

        return null;
    }

    private static bool Holds(string folder, string prefix)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"{folder}/fd").Any(link => new FileInfo(link).LinkTarget?.StartsWith(prefix, StringComparison.Ordinal) == true);
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
