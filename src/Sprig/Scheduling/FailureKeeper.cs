namespace Sprig.Scheduling;

/// <summary>Keeps failures until somebody looks at them.</summary>
internal abstract class FailureKeeper
{
    /// <summary>Somebody has looked.</summary>
    internal abstract void Forget(FailureRecord record);

    /// <summary>Nobody has looked, and nobody can any more. On the finalizer thread.</summary>
    internal abstract void OnUnreachable(FailureRecord record);
}
