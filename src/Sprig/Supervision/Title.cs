namespace Sprig.Supervision;

/// <summary>What a thing is called in reports and errors: by its name, or by where it was made.</summary>
internal readonly struct Title(string kind, string? name, string file, int line)
{
    public override string ToString() => name is null ? $"{kind} of {file}:{line}" : $"{kind} '{name}'";
}
