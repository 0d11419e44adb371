namespace Sprig.Supervision;

/// <summary>What a thing is called in reports and errors: by its name, or by where it was made.</summary>
internal readonly struct Title(string kind, string? name, string file, int line)
{
    /// <summary>For sizes: the error names whose it is.</summary>
    internal void ThrowIfLessThanOne(int value, string parameter)
    {
        if (value < 1)
            throw new ArgumentOutOfRangeException(parameter, value, $"{this} needs a {parameter} of at least 1.");
    }

    public override string ToString() => name is null ? $"{kind} of {file}:{line}" : $"{kind} '{name}'";
}
