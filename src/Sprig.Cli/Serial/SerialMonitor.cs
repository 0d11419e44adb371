using System.Globalization;
using System.Text;
using Sprig.IO;
using Sprig.IO.Ports;
using Sprig.Scheduling;

namespace Sprig.Cli.Serial;

/// <summary><c>sprig serial monitor</c>: what a port receives, as rows; the lines of an input are sent to it.</summary>
internal sealed class SerialMonitor(TextWriter output, string port, SerialSettings settings)
{
    /// <summary>After so long without a byte, what has no end yet is shown as it is.</summary>
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(100);

    private const int LongestTyped = 1 << 20;
    private FileStream? _log;
    private long _bytes;
    private long _lines;
    private long _sent;

    internal ViewKind View { get; init; }

    internal StampKind Stamps { get; init; }

    /// <summary>How long; zero: until Ctrl+C.</summary>
    internal TimeSpan Length { get; init; }

    /// <summary>How many lines, with <see cref="ViewKind.Hex"/> bytes; zero: without end.</summary>
    internal long Count { get; init; }

    /// <summary>The file that is appended to.</summary>
    internal string? LogPath { get; init; }

    internal LogKind LogAs { get; init; }

    /// <summary>Gives what is sent, by lines.</summary>
    internal Func<Stream>? OpenInput { get; init; }

    internal string LineEnd { get; init; } = "\n";

    internal async Task RunAsync()
    {
        using SerialLink link = SerialLink.Open(port, settings, SimulatedDevice.Gps);
        using FileStream? log = LogPath is null ? null : new FileStream(LogPath, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _log = log;
        output.WriteLine($"{link.Name}: {settings}; Ctrl+C ends it");
        MonotonicTime started = MonotonicTime.Now;
        MonitorView view = new(View, Stamps, started);
        link.Port.ConnectionChanged += (_, _) => ShowConnection(link, view);
        try
        {
            if (OpenInput is not null)
                _ = Coroutine.Spawn(() => SendAsync(link.Port), new SpawnOptions { Name = "standard input", Daemon = DaemonRule.UntilMainReturns });
            if (Length == TimeSpan.Zero)
                await ShowAsync(link.Port, view);
            else
                await Deadline.TryRunAsync(Length, () => ShowAsync(link.Port, view));
        }
        finally
        {
            view.EndRow();
            Write(view);
            output.WriteLine(Summary(MonotonicTime.Now - started) + ErrorWords.Of(link.Port.ErrorCounts));
        }
    }

    private async Task ShowAsync(SerialPort from, MonitorView view)
    {
        byte[] buffer = new byte[4096];
        bool isOver = false;
        while (!isOver)
        {
            int count = 0;
            bool inTime = await Deadline.TryRunAsync(view.HasOpenRow ? s_quiet : Timeout.InfiniteTimeSpan, async () => count = await from.ReadAsync(buffer));
            MonotonicTime time = MonotonicTime.Now;
            if (inTime)
            {
                count = CountIn(buffer.AsSpan(0, count), out isOver);
                view.Add(buffer.AsSpan(0, count), time);
                if (_log is not null && LogAs == LogKind.Raw)
                    _log.Write(buffer, 0, count);
            }
            else
            {
                view.EndRow();
            }

            Write(view);
        }
    }

    // What came before it went is shown before that it went.
    private void ShowConnection(SerialLink link, MonitorView view)
    {
        view.EndRow();
        Write(view);
        output.WriteLine(link.Port.IsConnected ? $"{link.Name} is back" : $"{link.Name} is gone; waits for it to come back");
    }

    /// <summary>Counts, up to the last byte that is wanted.</summary>
    private int CountIn(ReadOnlySpan<byte> bytes, out bool isOver)
    {
        int taken = 0;
        isOver = false;
        while (taken < bytes.Length && !isOver)
        {
            _bytes++;
            if (bytes[taken++] == '\n')
                _lines++;
            isOver = Count > 0 && (View == ViewKind.Hex ? _bytes : _lines) >= Count;
        }

        return taken;
    }

    private void Write(MonitorView view)
    {
        string rows = view.Take();
        if (rows.Length == 0)
            return;
        if (_log is not null && LogAs == LogKind.View)
            _log.Write(Encoding.UTF8.GetBytes(rows));
        output.Write(rows);
    }

    private async Task SendAsync(SerialPort to)
    {
        await using Stream input = OpenInput!();
        // A character a byte: whatever is typed is sent as it is.
        LineReader lines = new(input, Encoding.Latin1, LongestTyped);
        try
        {
            while (await lines.ReadLineAsync() is { } line)
            {
                if (!await TrySendAsync(to, Encoding.Latin1.GetBytes(line + LineEnd)))
                    return;
            }
        }
        catch (Exception e) when (UserError.IsOne(e))
        {
            output.WriteLine($"standard input: {UserError.Describe(e)}; nothing more is sent");
        }
    }

    /// <summary>False when the port is gone for good.</summary>
    private async Task<bool> TrySendAsync(SerialPort to, byte[] line)
    {
        try
        {
            await to.WriteAsync(line);
            _sent += line.Length;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Who reads tells it. A port that comes back takes the next line.
            _sent += to.LastWriteCount;
            if (settings.Reopen is null || !to.IsOpen)
                return false;
            output.WriteLine(UserError.Describe(e));
        }

        return true;
    }

    private string Summary(TimeSpan time)
        => string.Create(CultureInfo.InvariantCulture, $"{_bytes} bytes, {_lines} lines in {time.TotalSeconds:0.0##} s{(OpenInput is null ? "" : $"; {_sent} bytes sent")}");
}
