using Sprig.Scheduling;

namespace Sprig.IO.Links;

/// <summary>How a <see cref="ReliableLink"/> is set. Both sides may be set differently.</summary>
public sealed record ReliableLinkOptions
{
    private const int LeastBuffer = 1024;
    private const int MostBuffer = 32_000;
    private const int LeastFrame = 16;
    private const int MostFrame = 240;

    /// <summary>What it is called in errors and views; "a link" unless given.</summary>
    public string? Name { get; init; }

    /// <summary>Bytes that may wait in each direction: written and not acknowledged, received and not read. From 1024 to 32000, which
    /// it is unless set.</summary>
    public int BufferSize { get; init; } = MostBuffer;

    /// <summary>The most bytes of data that a frame carries, on a line that loses nothing; fewer on one that does, by measure. From 16
    /// to 240, which it is unless set: on a slow line small frames let others go in between.</summary>
    public int MaxFramePayload { get; init; } = MostFrame;

    /// <summary>When so long nothing of what was sent was acknowledged, the other side is taken for lost. 30 seconds unless set.</summary>
    public TimeSpan PeerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After so long a silence the other side is asked whether it lives, and is taken for lost when it does not answer within
    /// <see cref="PeerTimeout"/>. Never unless set: then a link at rest costs nothing, and notices an end only when it sends.</summary>
    public TimeSpan KeepAlive { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>When so long none of the last bytes were acknowledged, <see cref="ReliableLink.DisposeAsync"/> waits no more. 5 seconds
    /// unless set.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether the line stays open when the link is disposed: for another link on it.</summary>
    public bool LeaveOpen { get; init; }

    internal LinkTerms ToTerms()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BufferSize, LeastBuffer);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BufferSize, MostBuffer);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxFramePayload, LeastFrame);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxFramePayload, MostFrame);
        if (CloseTimeout != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(CloseTimeout, TimeSpan.Zero);
        return new LinkTerms(BufferSize, MaxFramePayload, ToSpan(PeerTimeout, nameof(PeerTimeout)), ToSpan(KeepAlive, nameof(KeepAlive)));
    }

    private static long ToSpan(TimeSpan span, string name)
    {
        if (span == Timeout.InfiniteTimeSpan)
            return long.MaxValue;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(span, TimeSpan.Zero, name);
        return MonotonicTime.ToNanoseconds(span);
    }
}
