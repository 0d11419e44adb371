namespace Sprig.Scheduling;

/// <summary>Thrown by a wait when a <see cref="Scheduling.Deadline"/> around it has passed; the wait has taken nothing.</summary>
public sealed class DeadlineExceededException : TimeoutException
{
    internal DeadlineExceededException(Deadline deadline)
        : base(deadline.Length == Timeout.InfiniteTimeSpan ? "The deadline was expired." : $"The deadline of {deadline.Length} has passed.")
        => Deadline = deadline;

    /// <summary>The one that has passed: a catcher of nested deadlines compares it with its own.</summary>
    public Deadline Deadline { get; }
}
