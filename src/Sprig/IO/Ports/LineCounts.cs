using Sprig.Linux;

namespace Sprig.IO.Ports;

/// <summary>What the driver counts (TIOCGICOUNT), from the opening on. Any thread.</summary>
/// <remarks>The kernel's counters have 32 bits and wrap around: what was added since the last look is what counts.</remarks>
internal sealed class LineCounts
{
    private readonly ITty _tty;
    private readonly Lock _gate = new();
    private readonly byte[] _last = new byte[SerialUapi.CountersSize];
    private readonly bool _isThere;
    private SerialErrorCounts _total;

    internal LineCounts(ITty tty)
    {
        _tty = tty;
        _isThere = tty.Control(SerialUapi.GetCounters, _last) >= 0;
    }

    /// <summary>Null where the driver counts nothing: a pty.</summary>
    internal SerialErrorCounts? Look()
    {
        if (!_isThere)
            return null;
        Span<byte> now = stackalloc byte[SerialUapi.CountersSize];
        lock (_gate)
        {
            // Gone: what was counted stays.
            if (_tty.Control(SerialUapi.GetCounters, now) < 0)
                return _total;
            _total = new SerialErrorCounts(
                _total.Overruns + Added(now, SerialUapi.Counter.Overrun),
                _total.BufferOverruns + Added(now, SerialUapi.Counter.BufferOverrun),
                _total.FramingErrors + Added(now, SerialUapi.Counter.Framing),
                _total.ParityErrors + Added(now, SerialUapi.Counter.Parity),
                _total.Breaks + Added(now, SerialUapi.Counter.Break),
                _total.BytesReceived + Added(now, SerialUapi.Counter.Received),
                _total.BytesSent + Added(now, SerialUapi.Counter.Sent));
            now.CopyTo(_last);
            return _total;
        }
    }

    private uint Added(ReadOnlySpan<byte> now, SerialUapi.Counter counter)
        => unchecked(SerialUapi.CountOf(now, counter) - SerialUapi.CountOf(_last, counter));
}
