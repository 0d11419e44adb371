using System.Diagnostics;

namespace Sprig.Tests.ArchitectureRules;

/// <summary>The repository's files as they lie on this machine.</summary>
internal static class Repository
{
    internal static string Root { get; } = FindRoot();

    /// <summary>Every source file under src, as a path from the root.</summary>
    internal static string[] SourceFiles { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, "src"), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal),
    ];

    internal static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>What stands at the top: as git has it, so that what lies about on one machine is no error; as the folder has
    /// it where there is no git (a source archive, a container, another's checkout).</summary>
    internal static string[] TopLevel()
    {
        string[] tracked = [.. Tracked().Select(path => path.Split('/')[0]).Distinct()];
        return tracked.Length > 0 ? tracked : TopFolder();
    }

    /// <summary>What the folder has, less what git is told to pass over: test runs and builds leave folders of their own behind.</summary>
    internal static string[] TopFolder()
    {
        HashSet<string> ignored = [.. Read(".gitignore").Split('\n').Where(line => line.EndsWith('/')).Select(line => line.TrimEnd('/'))];
        return [.. Directory.EnumerateFileSystemEntries(Root).Select(path => Path.GetFileName(path)).Where(name => !ignored.Contains(name))];
    }

    private static string[] Tracked()
    {
        try
        {
            using Process git = Process.Start(new ProcessStartInfo("git", ["-C", Root, "ls-files"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            string[] files = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            git.WaitForExit();
            return git.ExitCode == 0 ? files : [];
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return [];
        }
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Runtime.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No Runtime.sln above {AppContext.BaseDirectory}.");
    }
}
