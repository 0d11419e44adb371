namespace Sprig.Programs.Tests;

/// <summary>The programs' files as they lie on this machine.</summary>
internal static class Repository
{
    internal static string Programs { get; } = Path.Combine(FindRoot(), "hardware", "programs");

    internal static string Read(params string[] path) => File.ReadAllText(Path.Combine([Programs, .. path]));

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Runtime.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No Runtime.sln above {AppContext.BaseDirectory}.");
    }
}
