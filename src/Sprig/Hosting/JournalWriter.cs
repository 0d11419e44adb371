using System.Globalization;
using System.Text;
using Sprig.Scheduling;

namespace Sprig.Hosting;

/// <summary>Writes entries to the journal; as lines of text where there is none.</summary>
/// <param name="socket">The journal; null: there is none.</param>
/// <param name="text">Where the lines go; standard error when null.</param>
/// <param name="identifier">The program's name.</param>
internal sealed class JournalWriter(JournalSocket? socket, TextWriter? text, string identifier)
{
    private const int MostKept = 64 * 1024;

    [ThreadStatic]
    private static JournalEntry? t_entry;

    private long _toldLost;

    internal static JournalWriter OfProcess { get; } = new(JournalSocket.Find(), null, AppDomain.CurrentDomain.FriendlyName);

    internal bool HasJournal => socket is not null;

    internal long Lost => socket?.Lost ?? 0;

    /// <summary>The same, but lines of text go to <paramref name="output"/>.</summary>
    internal JournalWriter WithText(TextWriter? output) => new(socket, output, identifier);

    /// <param name="priority">How much it matters.</param>
    /// <param name="message">For people.</param>
    /// <param name="fields">For machines.</param>
    /// <param name="site">Where in the code; null where that tells nothing.</param>
    internal void Write(JournalPriority priority, string message, ReadOnlySpan<(string Name, object? Value)> fields, (string File, int Line, string Member)? site = null)
    {
        if (socket is null || !socket.Send(Encode(priority, message, fields, site)))
            (text ?? Console.Error).WriteLine(ToLine(priority, message, fields));
    }

    /// <summary>"error: message NAME=value ...". In a stream to the journal that its socket has failed, "&lt;3&gt;" stands for the level.</summary>
    private string ToLine(JournalPriority priority, string message, ReadOnlySpan<(string Name, object? Value)> fields)
    {
        StringBuilder line = new();
        if (socket is null)
            line.Append(NameOf(priority)).Append(": ");
        else
            line.Append(CultureInfo.InvariantCulture, $"<{(int)priority}>");
        line.Append(message);
        foreach ((string name, object? value) in fields)
        {
            if (value is not null)
                line.Append(' ').Append(name).Append('=').Append(Quote(value is byte[] bytes ? Convert.ToHexString(bytes) : JournalEntry.ToText(value)));
        }

        return line.ToString();
    }

    private static string Quote(string value)
        => value.Length > 0 && !value.AsSpan().ContainsAny(" \"\n\r\t") ? value
            : $"\"{value.Replace("\"", "\\\"", StringComparison.Ordinal).ReplaceLineEndings("\\n")}\"";

    private static string NameOf(JournalPriority priority) => priority switch
    {
        JournalPriority.Emergency => "emergency",
        JournalPriority.Alert => "alert",
        JournalPriority.Critical => "critical",
        JournalPriority.Error => "error",
        JournalPriority.Warning => "warning",
        JournalPriority.Notice => "notice",
        JournalPriority.Info => "info",
        _ => "debug",
    };

    private ReadOnlySpan<byte> Encode(JournalPriority priority, string message, ReadOnlySpan<(string Name, object? Value)> fields, (string File, int Line, string Member)? site)
    {
        // Taken while it is written: the text of a value may be made by code that writes an entry itself.
        JournalEntry entry = t_entry ?? new JournalEntry();
        t_entry = null;
        entry.Clear();
        entry.AddText("MESSAGE", message);
        entry.Add("PRIORITY", (int)priority);
        entry.AddText("SYSLOG_IDENTIFIER", identifier);
        if (site is var (file, line, member))
        {
            entry.AddText("CODE_FILE", file);
            entry.Add("CODE_LINE", line);
            entry.AddText("CODE_FUNC", member);
        }

        if (Coroutine.CurrentOrNull is { } coroutine)
            entry.AddText("SPRIG_COROUTINE", coroutine.Name);
        foreach ((string name, object? value) in fields)
            entry.Add(name, value);
        if (Lost is var lost && lost > Interlocked.Exchange(ref _toldLost, lost))
            entry.Add("SPRIG_LOST", lost);
        // One that was huge is not kept for the thread's life.
        if (entry.Bytes.Length <= MostKept)
            t_entry = entry;
        return entry.Bytes;
    }
}
