namespace Sprig.Devices.Tests.Buses;

/// <summary>A folder of files as those of /sys, gone at the end.</summary>
internal sealed class FileTree : IDisposable
{
    internal string Root { get; } = Directory.CreateTempSubdirectory("sprig-").FullName;

    internal string this[string path] => Path.Combine(Root, path);

    public void Dispose() => Directory.Delete(Root, recursive: true);

    internal void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[path])!);
        File.WriteAllText(this[path], text);
    }

    internal void Link(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[path])!);
        Directory.CreateSymbolicLink(this[path], this[target]);
    }
}
