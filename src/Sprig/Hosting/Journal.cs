using System.Runtime.CompilerServices;

namespace Sprig.Hosting;

/// <summary>systemd's journal, with fields that one can search for: <c>journalctl SENSOR=gps -o verbose</c>. Where standard error is not connected to it, as
/// in a terminal, entries are lines of text there.</summary>
/// <remarks>Any thread. It never waits for the journal: what that has no room for is lost, and counted in <see cref="Lost"/> and in the field SPRIG_LOST of the
/// next entry.</remarks>
public static class Journal
{
    /// <summary>Whether entries go to the journal: JOURNAL_STREAM names the program's standard error.</summary>
    public static bool IsConnected => JournalWriter.OfProcess.HasJournal;

    /// <summary>How many entries the journal did not take.</summary>
    public static long Lost => JournalWriter.OfProcess.Lost;

    /// <summary>Writes an entry. It has the program's name (SYSLOG_IDENTIFIER), the running coroutine's (SPRIG_COROUTINE) and the place in the code too.</summary>
    /// <param name="priority">How much it matters.</param>
    /// <param name="message">For people; may have several lines.</param>
    /// <param name="fields">For machines: names in capitals, as [("SENSOR", "gps"), ("VALUE", 3.2)]. Numbers and times are written in the invariant culture,
    /// byte arrays as they are; null is left out.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <param name="member">Filled in by the compiler.</param>
    /// <exception cref="ArgumentException">That is no name of a field; the message says why.</exception>
    public static void Write(JournalPriority priority, string message, ReadOnlySpan<(string Name, object? Value)> fields = default,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "")
    {
        ArgumentNullException.ThrowIfNull(message);
        if (!Enum.IsDefined(priority))
            throw new ArgumentOutOfRangeException(nameof(priority), priority, "It is one of Emergency (0) to Debug (7).");
        foreach ((string name, _) in fields)
            JournalEntry.ThrowIfBad(name);
        JournalWriter.OfProcess.Write(priority, message, fields, (file, line, member));
    }
}
