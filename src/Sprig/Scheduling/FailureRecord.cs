namespace Sprig.Scheduling;

/// <summary>One failure: kept until somebody looks at it. Holds what a report needs, not the coroutine (or the source) that
/// failed, so that the handle can be collected; when it is, nobody can look any more, and the report is made then.</summary>
internal sealed class FailureRecord(FailureKeeper keeper, string name, string site, Exception exception, long order)
{
    internal string Name { get; } = name;

    /// <summary>File and line that report it: of the spawn, of the making.</summary>
    internal string Site { get; } = site;

    /// <summary>Who failed, as a phrase with name and site.</summary>
    internal required string Who { get; init; }

    internal Exception Exception { get; } = exception;

    /// <summary>Counted up: the earliest failure has the least.</summary>
    internal long Order { get; } = order;

    /// <summary>Unseen, it comes with the run's result: a daemon's does not.</summary>
    internal bool FailsRun { get; init; }

    internal bool IsReported { get; set; }

    /// <summary>Dies with the handles that hold it, and tells.</summary>
    internal sealed class Sentinel(FailureRecord record) : IDisposable
    {
        ~Sentinel() => record.Keeper.OnUnreachable(record);

        /// <summary>Somebody has looked.</summary>
        public void Dispose()
        {
            GC.SuppressFinalize(this);
            record.Keeper.Forget(record);
        }
    }

    private FailureKeeper Keeper { get; } = keeper;
}
