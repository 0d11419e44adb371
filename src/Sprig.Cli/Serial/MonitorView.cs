using System.Globalization;
using System.Text;
using Sprig.Scheduling;

namespace Sprig.Cli.Serial;

/// <summary>Makes rows of received bytes. A row's time is that of the read that gave its first byte, by CLOCK_MONOTONIC.</summary>
internal sealed class MonitorView(ViewKind kind, StampKind stamps, MonotonicTime started)
{
    /// <summary>A line without an end is shown in pieces: noise is not to fill the memory.</summary>
    internal const int LongestLine = 1024;

    private readonly List<byte> _row = [];
    private readonly StringBuilder _text = new();
    private MonotonicTime? _before;
    private MonotonicTime _stamp;
    private long _offset;

    /// <summary>Whether something was received that is not shown yet: its row goes on.</summary>
    internal bool HasOpenRow => _row.Count > 0;

    /// <summary>Takes what one read gave.</summary>
    internal void Add(ReadOnlySpan<byte> bytes, MonotonicTime time)
    {
        foreach (byte one in bytes)
        {
            if (_row.Count == 0)
                _stamp = time;
            _row.Add(one);
            if (kind == ViewKind.Hex ? _row.Count == HexRow.Length : one == '\n' || _row.Count == LongestLine)
                EndRow();
        }
    }

    /// <summary>Ends the row that is open: nothing more comes for now.</summary>
    internal void EndRow()
    {
        if (_row.Count == 0)
            return;
        ReadOnlySpan<byte> bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_row);
        AppendStamp();
        if (kind == ViewKind.Hex)
            AppendHex(bytes);
        else
            AppendLine(bytes);
        if (kind == ViewKind.Both)
            AppendHex(bytes);
        _offset += bytes.Length;
        _row.Clear();
    }

    /// <summary>The rows since the last call, each with its end of line.</summary>
    internal string Take()
    {
        string rows = _text.ToString();
        _text.Clear();
        return rows;
    }

    private void AppendStamp()
    {
        if (stamps == StampKind.None)
            return;
        TimeSpan time = _stamp - (stamps == StampKind.Delta ? _before ?? started : started);
        _before = _stamp;
        _text.Append(CultureInfo.InvariantCulture, $"{(stamps == StampKind.Delta ? "+" : "")}{time.TotalSeconds:0.000000}  ");
    }

    // The end of a line is the row's own; a row that was cut off has a \ there.
    private void AppendLine(ReadOnlySpan<byte> bytes)
    {
        bool whole = bytes[^1] == '\n';
        if (whole)
            bytes = bytes.EndsWith("\r\n"u8) ? bytes[..^2] : bytes[..^1];
        VisibleText.Append(_text, bytes);
        _text.Append(whole ? "\n" : "\\\n");
    }

    private void AppendHex(ReadOnlySpan<byte> bytes)
    {
        for (int start = 0; start < bytes.Length; start += HexRow.Length)
        {
            HexRow.Append(_text, _offset + start, bytes[start..Math.Min(start + HexRow.Length, bytes.Length)]);
            _text.Append('\n');
        }
    }
}
