namespace Sprig.Programs.Tests;

/// <summary>A file of settings.</summary>
internal sealed class SettingsFile : IDisposable
{
    internal SettingsFile(string json) => File.WriteAllText(FilePath, json);

    internal string FilePath { get; } = Path.GetTempFileName();

    /// <summary>What makes a program read it.</summary>
    internal string[] Arguments => ["--settings", FilePath];

    public void Dispose() => File.Delete(FilePath);
}
