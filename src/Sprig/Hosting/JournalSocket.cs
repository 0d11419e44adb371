using Sprig.IO;

namespace Sprig.Hosting;

/// <summary>Where the journal takes entries: datagrams, and sealed files for those that are longer than one may be. Never waits; what finds no room is
/// lost, and counted.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class JournalSocket(DatagramSend send, DatagramSend sendAsFile)
{
    private const string Address = "/run/systemd/journal/socket";
    private const int StandardError = 2;

    private long _lost;

    /// <summary>How many entries the journal will never get.</summary>
    internal long Lost => Interlocked.Read(ref _lost);

    /// <summary>The journal's, where this process's standard error goes there already; null elsewhere, as in a terminal.</summary>
    internal static JournalSocket? Find()
    {
        if (Environment.GetEnvironmentVariable("JOURNAL_STREAM") is not { } stream || !IsJournal(stream, new FileInfo($"/proc/self/fd/{StandardError}").LinkTarget))
            return null;
        UnixDatagramSender sender = new(Address);
        return new JournalSocket(sender.TrySend, message => sender.TrySendAsFile(message, "journal entry"));
    }

    /// <summary>Whether a descriptor is the one that systemd has connected to the journal.</summary>
    /// <param name="stream">JOURNAL_STREAM: device and inode of that.</param>
    /// <param name="descriptor">The descriptor's name in /proc, as "socket:[inode]": all sockets are of one device.</param>
    internal static bool IsJournal(string stream, string? descriptor)
        => stream.Split(':') is [_, { Length: > 0 } inode] && descriptor == $"socket:[{inode}]";

    /// <summary>False where nobody listens.</summary>
    internal bool Send(ReadOnlySpan<byte> entry)
    {
        DatagramOutcome outcome = send(entry);
        // As the journal's own library does: for want of memory a file may do, too.
        if (outcome is DatagramOutcome.TooLong or DatagramOutcome.NoMemory)
            outcome = sendAsFile(entry);
        if (outcome != DatagramOutcome.Sent)
            Interlocked.Increment(ref _lost);
        return outcome != DatagramOutcome.Unreachable;
    }
}
