using Sprig.Scheduling;

namespace Sprig.Hosting;

/// <summary>Where a program's failures are told: in the journal, if standard error goes there, else as text.</summary>
/// <param name="options">The program's own.</param>
/// <param name="writer">To the journal.</param>
/// <param name="startedAt">File and line of the program's start.</param>
internal sealed class ProgramReports(SchedulerOptions? options, JournalWriter writer, string startedAt)
{
    private readonly JournalReports? _journal = writer.HasJournal ? new JournalReports(writer, options?.Observer) : null;

    /// <summary>The program's, with the journal as observer. What that is told is not written to standard error again.</summary>
    internal SchedulerOptions? Options
        => _journal is null ? options : (options ?? new SchedulerOptions()) with
        {
            Observer = _journal,
            ErrorOutput = HasOutputOfItsOwn ? options!.ErrorOutput : TextWriter.Null,
        };

    private bool HasOutputOfItsOwn => options?.ErrorOutput is { } output && output != Console.Error && output != Console.Out;

    internal void OnHeartbeat(Heartbeat heartbeat, string? overdue) => JournalReports.Write(writer.WithText(options?.ErrorOutput), heartbeat, overdue);

    internal void OnFailed(Exception error)
    {
        _journal?.OnProgramFailed(error, startedAt);
        if (_journal is null || HasOutputOfItsOwn)
            (options?.ErrorOutput ?? Console.Error).WriteLine(error);
    }
}
