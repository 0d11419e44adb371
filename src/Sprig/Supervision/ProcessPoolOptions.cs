namespace Sprig.Supervision;

/// <summary>How a <see cref="ProcessPool"/> starts its workers, and what it takes from them.</summary>
public sealed record ProcessPoolOptions
{
    /// <summary>Its name in reports and errors; where it is made, unless given.</summary>
    public string? Name { get; init; }

    /// <summary>The program that the workers run, and its arguments; this very program, without arguments, unless given. It must
    /// call <see cref="ProcessWorker.ServeIfAsked"/>.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>How many bytes of JSON an input or a result may have. 64 MB unless set.</summary>
    public int MaxMessageBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How long a worker may take from its start to <see cref="ProcessWorker.ServeIfAsked"/>. 30 seconds unless set;
    /// <see cref="Timeout.InfiniteTimeSpan"/>: as long as it likes.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    internal void ThrowIfBad()
    {
        if (Command is { Count: 0 })
            throw new ArgumentException("Command names no program; leave it null for this very one.", nameof(Command));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxMessageBytes, 1, nameof(MaxMessageBytes));
        if (StartTimeout != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(StartTimeout, TimeSpan.Zero, nameof(StartTimeout));
    }
}
