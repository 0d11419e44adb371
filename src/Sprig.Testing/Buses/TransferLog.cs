namespace Sprig.Testing.Buses;

/// <summary>The newest transfers of a simulated bus.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class TransferLog<T>
{
    private readonly Lock _lock = new();
    private readonly Queue<T> _transfers = new();
    private readonly int _keep;

    internal TransferLog(int keep)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keep);
        _keep = keep;
    }

    internal IReadOnlyList<T> Snapshot()
    {
        lock (_lock)
            return [.. _transfers];
    }

    internal void Add(T transfer)
    {
        lock (_lock)
        {
            _transfers.Enqueue(transfer);
            if (_transfers.Count > _keep)
                _transfers.Dequeue();
        }
    }
}
