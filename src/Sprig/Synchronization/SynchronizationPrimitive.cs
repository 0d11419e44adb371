using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <summary>What the primitives have in common: a name, a line of those that wait, and figures.</summary>
/// <remarks>Loop thread only; other threads reach it through <see cref="CoroutineScheduler.Post"/>. It belongs to the run in which
/// it is first used, until that has ended.</remarks>
public abstract class SynchronizationPrimitive
{
    private readonly Label _label;
    private protected readonly WaitQueue _waiters;

    private protected SynchronizationPrimitive(Label label)
    {
        _label = label;
        _waiters = new WaitQueue(this);
    }

    /// <summary>Its name in reports and errors; the place where it was made, unless it was given one.</summary>
    public string Name => _label.Name;

    /// <summary>Who holds it, how many wait, how often somebody had to.</summary>
    public virtual SynchronizationStatistics Statistics => new(null, _waiters.Count, _waiters.TotalWaits);

    /// <summary>Its kind and its name, or where it was made.</summary>
    public override string ToString() => _label.ToString();
}
