using System.Globalization;

namespace Sprig.IO;

/// <summary>A process that has a device open.</summary>
/// <param name="ProcessId">Its number.</param>
/// <param name="Name">As ps shows it.</param>
public sealed record DeviceHolder(int ProcessId, string Name)
{
    /// <summary>The first process that has a path open which begins so; null when there is none, or none that this user may look into.</summary>
    internal static DeviceHolder? Find(string prefix) => Find(target => target.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>The same for one device, by whatever link it is called.</summary>
    /// <param name="path">The device's.</param>
    /// <param name="except">A descriptor of this process that does not count.</param>
    internal static DeviceHolder? FindOne(string path, int except = -1)
    {
        try
        {
            path = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (IOException)
        {
            // Gone meanwhile: nobody has it.
        }

        return Find(target => target == path, $"/proc/{Environment.ProcessId}/fd/{except}");
    }

    /// <summary>"'minicom' (process 123)"; "this program itself".</summary>
    public override string ToString() => ProcessId == Environment.ProcessId ? "this program itself" : $"'{Name}' (process {ProcessId})";

    private static DeviceHolder? Find(Predicate<string> isWanted, string except = "")
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int process) && Holds(folder, isWanted, except))
                return new DeviceHolder(process, NameOf(folder));
        }

        return null;
    }

    private static bool Holds(string folder, Predicate<string> isWanted, string except)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"{folder}/fd").Any(link => link != except && new FileInfo(link).LinkTarget is { } target && isWanted(target));
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
