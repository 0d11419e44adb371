using System.Runtime.CompilerServices;
using Sprig.Hosting;

namespace Sprig.Programs;

/// <summary>What a program says, a line a time: an entry with fields where systemd's journal listens, a plain line in a terminal or a
/// pipe.</summary>
public static class Log
{
    /// <summary>All is as it should be.</summary>
    /// <param name="message">For people.</param>
    /// <param name="fields">For machines, in the journal alone: names in capitals.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <param name="member">Filled in by the compiler.</param>
    public static void Say(string message, ReadOnlySpan<(string Name, object? Value)> fields = default,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "")
        => Write(JournalPriority.Info, Console.Out, message, fields, (file, line, member));

    /// <summary>Something is not as it should be, and the program goes on.</summary>
    /// <inheritdoc cref="Say"/>
    public static void Warn(string message, ReadOnlySpan<(string Name, object? Value)> fields = default,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0, [CallerMemberName] string member = "")
        => Write(JournalPriority.Warning, Console.Out, message, fields, (file, line, member));

    /// <summary>The program ends by this.</summary>
    internal static void Fail(string message) => Write(JournalPriority.Error, Console.Error, message, [], ("", 0, ""));

    private static void Write(
        JournalPriority priority, TextWriter text, string message, ReadOnlySpan<(string Name, object? Value)> fields, (string File, int Line, string Member) site)
    {
        if (Journal.IsConnected)
            Journal.Write(priority, message, fields, site.File, site.Line, site.Member);
        else
            text.WriteLine(message);
    }
}
