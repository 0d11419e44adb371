namespace Sprig.Synchronization;

/// <summary>What a primitive is called in reports and errors: by its name, or by where it was made.</summary>
internal readonly struct Label(string kind, string? name, string file, int line)
{
    internal string Name => name ?? $"{Path.GetFileName(file)}:{line}";

    /// <summary>Where it was made.</summary>
    internal string Site => $"{file}:{line}";

    public override string ToString() => name is null ? $"{kind} of {Site}" : $"{kind} '{name}'";
}
