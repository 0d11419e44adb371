namespace Sprig.IO.Ports;

/// <summary>How long to wait before the next try: each time twice as long, from a first time to a longest.</summary>
internal struct BackOff
{
    private readonly TimeSpan _first;
    private readonly TimeSpan _longest;
    private TimeSpan _next;

    internal BackOff(TimeSpan first, TimeSpan longest) => (_first, _longest, _next) = (first, longest, first);

    /// <summary>How long to wait now.</summary>
    internal TimeSpan Next()
    {
        TimeSpan now = _next;
        _next = now > _longest / 2 ? _longest : now * 2;
        return now;
    }

    /// <summary>It went well: from the first again.</summary>
    internal void Reset() => _next = _first;
}
