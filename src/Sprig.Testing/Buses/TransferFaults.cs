namespace Sprig.Testing.Buses;

/// <summary>The failures that a test has ordered of a simulated chip.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class TransferFaults
{
    private readonly Lock _lock = new();
    private int _skip;
    private int _count;
    private Exception? _error;

    internal void Order(int count, int skip, Exception? error)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(skip, 0);
        lock (_lock)
            (_count, _skip, _error) = (count, skip, error);
    }

    /// <summary>Throws if this transfer is one of those that are to fail.</summary>
    internal void ThrowIfDue(string who)
    {
        Exception error;
        lock (_lock)
        {
            if (_count == 0)
                return;
            if (_skip > 0)
            {
                _skip--;
                return;
            }

            _count--;
            error = _error ?? new IOException($"Error 5 (Input/output error) performing a transfer: the test has {who} fail.", 5);
        }

        throw error;
    }
}
