namespace Sprig.Devices.Tests.Boards;

/// <summary>The files under hardware/boards, in the sources.</summary>
internal static class BoardFiles
{
    internal static string Root { get; } = FindRoot();

    internal static string Folder { get; } = Path.Combine(Root, "hardware/boards");

    internal static string Schema { get; } = Path.Combine(Folder, "board.schema.json");

    internal static IEnumerable<string> All => Directory.EnumerateFiles(Folder, "*.json").Where(file => file != Schema);

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Runtime.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("No Runtime.sln above the tests.");
    }
}
