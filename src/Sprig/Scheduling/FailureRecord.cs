namespace Sprig.Scheduling;

/// <summary>One failure: kept until somebody looks at it. Holds what a report needs, not the coroutine, so that the
/// handle can be collected; when it is, nobody can look any more, and the report is made then.</summary>
internal sealed class FailureRecord(string name, string spawnedAt, Exception exception, long order, Action<FailureRecord> onUnreachable)
{
    internal string Name { get; } = name;

    internal string SpawnedAt { get; } = spawnedAt;

    internal Exception Exception { get; } = exception;

    /// <summary>Counted up: the earliest failure has the least.</summary>
    internal long Order { get; } = order;

    internal bool IsReported { get; set; }

    internal Action<FailureRecord> OnUnreachable { get; } = onUnreachable;

    /// <summary>Dies with the coroutine that holds it, and tells.</summary>
    internal sealed class Sentinel(FailureRecord record) : IDisposable
    {
        private Action<FailureRecord>? _onUnreachable = record.OnUnreachable;

        ~Sentinel() => _onUnreachable?.Invoke(record);

        /// <summary>Somebody has looked.</summary>
        public void Dispose()
        {
            _onUnreachable = null;
            GC.SuppressFinalize(this);
        }
    }
}
