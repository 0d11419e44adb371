namespace Sprig.Supervision;

/// <summary>A piece of work that worker processes know by its name: see <see cref="ProcessWorker"/>.</summary>
public abstract class ProcessEntry
{
    private protected ProcessEntry(string name) => Name = name;

    /// <summary>Its name, the same in the program and in its workers.</summary>
    public string Name { get; }

    /// <summary>"entry 'name'", for reports.</summary>
    public override string ToString() => $"entry '{Name}'";

    /// <summary>In the worker: JSON to JSON.</summary>
    internal abstract Task<byte[]> ServeAsync(ReadOnlyMemory<byte> input);
}
