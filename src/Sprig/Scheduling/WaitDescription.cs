namespace Sprig.Scheduling;

/// <summary>One line of a wait graph: who waits on what, and where it was spawned.</summary>
/// <param name="Coroutine">The name of the waiting coroutine.</param>
/// <param name="WaitsFor">What it waits for, as a phrase.</param>
/// <param name="SpawnedAt">File and line of its spawn.</param>
public sealed record WaitDescription(string Coroutine, string WaitsFor, string SpawnedAt)
{
    /// <inheritdoc/>
    public override string ToString() => $"'{Coroutine}' waits for {WaitsFor} (spawned at {SpawnedAt})";
}
