using System.Runtime.CompilerServices;
using System.Text;
using Sprig.Scheduling;

namespace Sprig.IO;

/// <summary>Reads lines from any stream: up to LF, without CR and LF. Reads ahead, so it owns the reading of its stream.</summary>
/// <remarks>A wait that throws (kill, deadline) loses no byte: the next call goes on with what has come.</remarks>
public sealed class LineReader
{
    private readonly Stream _stream;
    private readonly Encoding _encoding;
    private readonly int _maxLength;
    private readonly IReconnecting? _reconnecting;
    private ReceiveBuffer _received = new();

    /// <summary>So many bytes at its beginning hold no LF.</summary>
    private int _searched;
    private long _reopened;
    private bool _reading;
    private bool _skipping;
    private bool _ended;

    /// <summary>A reader of <paramref name="stream"/>.</summary>
    /// <param name="stream">Is not closed by the reader.</param>
    /// <param name="encoding">UTF-8 unless given; LF must be one byte 0x0A in it.</param>
    /// <param name="maxLength">A longer line, in bytes without its end, is dropped whole and told by <see cref="InvalidDataException"/>.</param>
    public LineReader(Stream stream, Encoding? encoding = null, int maxLength = 4096)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxLength);
        _stream = stream;
        _reconnecting = stream as IReconnecting;
        _reopened = _reconnecting?.ReopenCount ?? 0;
        _encoding = encoding ?? Encoding.UTF8;
        _maxLength = maxLength;
    }

    /// <summary>How many lines were dropped because they were too long.</summary>
    public long TooLong { get; private set; }

    /// <summary>How many beginnings of lines were dropped because the device was unplugged in their midst and came back: their rest
    /// can't come any more, and what comes is none of theirs.</summary>
    public long Torn { get; private set; }

    /// <summary>How many bytes were received.</summary>
    public long BytesReceived { get; private set; }

    /// <summary>The next line; null at the end of the stream. A last line without LF counts as one.</summary>
    /// <exception cref="InvalidDataException">A line was too long: it is dropped, the next call goes on after it.</exception>
    /// <exception cref="IOException">The device is gone, or failed.</exception>
    public ValueTask<string?> ReadLineAsync()
    {
        try
        {
            // Lines that have come already count as operations too; what is read from the stream is counted there.
            ValueTask turn = _received.Length > 0 ? Coroutine.CheckpointAsync() : default;
            return turn.IsCompletedSuccessfully && TryTakeLine(out string? line) ? new ValueTask<string?>(line) : ReceiveLineAsync(turn);
        }
        catch (InvalidDataException e)
        {
            return ValueTask.FromException<string?>(e);
        }
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<string?> ReceiveLineAsync(ValueTask turn)
    {
        await turn;
        string? line;
        while (!TryTakeLine(out line))
        {
            if (_ended)
                return TakeRest();
            int before = _received.Length;
            int count = await ReadOnAsync();
            _received.Advance(count);
            if (_reconnecting is not null && _reconnecting.ReopenCount != _reopened)
                DropTorn(before);
            BytesReceived += count;
            _ended = count == 0;
        }

        return line;
    }

    /// <summary>Takes a whole line out of what was received; false when it holds none.</summary>
    private bool TryTakeLine(out string? line)
    {
        line = null;
        while (_received.Span[_searched..].IndexOf((byte)'\n') is >= 0 and int distance)
        {
            ReadOnlySpan<byte> text = _received.Span[..(_searched + distance)];
            _received.Take(text.Length + 1);
            _searched = 0;
            bool dropped = _skipping;
            _skipping = false;
            if (dropped)
                continue;
            line = IsTooLong(text) ? throw Drop() : Decode(text);
            return true;
        }

        _searched = _received.Length;
        // No end in sight: drop the beginning at once, and the rest as it comes, so that noise can't fill the memory.
        if (_received.Length > _maxLength + 1L || _skipping)
        {
            bool first = !_skipping;
            _skipping = true;
            Clear();
            if (first)
                throw Drop();
        }

        return false;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<int> ReadOnAsync()
    {
        // A port that is set up anew lets a second one read while the first waits; it must not be given the same memory.
        if (_reading)
            throw new InvalidOperationException("These lines are being read already; one reader at a time. Let one coroutine do it.");
        _reading = true;
        try
        {
            return await _stream.ReadAsync(_received.GetRoom());
        }
        finally
        {
            _reading = false;
        }
    }

    private void DropTorn(int length)
    {
        _reopened = _reconnecting!.ReopenCount;
        if (length > 0 && !_skipping)
            Torn++;
        _skipping = false;
        _received.Take(length);
        _searched = 0;
    }

    private string? TakeRest()
    {
        ReadOnlySpan<byte> rest = _received.Span;
        bool dropped = _skipping || rest.IsEmpty;
        Clear();
        return dropped ? null : IsTooLong(rest) ? throw Drop() : Decode(rest);
    }

    private void Clear()
    {
        _received.Clear();
        _searched = 0;
    }

    // The CR before the LF belongs to the end, not to the line.
    private bool IsTooLong(ReadOnlySpan<byte> line)
        => line.Length > _maxLength + 1L || (line.Length > _maxLength && line[_maxLength] != '\r');

    private InvalidDataException Drop()
    {
        TooLong++;
        return new InvalidDataException($"A line is longer than {_maxLength} bytes; it was dropped.");
    }

    private string Decode(ReadOnlySpan<byte> line) => _encoding.GetString(line is [.. ReadOnlySpan<byte> text, (byte)'\r'] ? text : line);
}
