namespace Sprig.Scheduling;

/// <summary>One line of a wait graph: who waits on what, held by whom, and where the waiter was spawned.</summary>
/// <param name="Coroutine">The name of the waiting coroutine.</param>
/// <param name="WaitsFor">What it waits for, as a phrase.</param>
/// <param name="SpawnedAt">File and line of its spawn.</param>
/// <param name="HeldBy">The names of those that hold it, quoted, with commas between; null where nobody does.</param>
public sealed record WaitDescription(string Coroutine, string WaitsFor, string SpawnedAt, string? HeldBy = null)
{
    /// <inheritdoc/>
    public override string ToString()
        => $"'{Coroutine}' waits for {WaitsFor}{(HeldBy is null ? "" : $", held by {HeldBy}")} (spawned at {SpawnedAt})";
}
