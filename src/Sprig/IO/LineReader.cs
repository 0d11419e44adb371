using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Nerdbank.Streams;
using Sprig.Scheduling;

namespace Sprig.IO;

/// <summary>Reads lines from any stream: up to LF, without CR and LF. Reads ahead, so it owns the reading of its stream.</summary>
/// <remarks>A wait that throws (kill, deadline) loses no byte: the next call goes on with what has come.</remarks>
public sealed class LineReader
{
    private const int ReadSize = 1024;
    private readonly Stream _stream;
    private readonly Encoding _encoding;
    private readonly int _maxLength;
    private readonly Sequence<byte> _received = new();
    private readonly IReconnecting? _reconnecting;
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
        _reopened = _reconnecting?.Reopened ?? 0;
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
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<string?> ReadLineAsync()
    {
        while (true)
        {
            if (TryTakeLine(out string? line))
                return line;
            if (_ended)
                return TakeRest();
            int count = await ReadOnAsync();
            long before = _received.Length;
            _received.Advance(count);
            if (_reconnecting is not null && _reconnecting.Reopened != _reopened)
                DropTorn(before);
            BytesReceived += count;
            _ended = count == 0;
        }
    }

    /// <summary>Takes a whole line out of what was received; false when it holds none.</summary>
    private bool TryTakeLine(out string? line)
    {
        line = null;
        while (_received.AsReadOnlySequence.PositionOf((byte)'\n') is { } end)
        {
            ReadOnlySequence<byte> received = _received.AsReadOnlySequence;
            ReadOnlySequence<byte> text = received.Slice(0, end);
            bool tooLong = IsTooLong(text);
            bool dropped = _skipping;
            if (!dropped && !tooLong)
                line = Decode(text);
            _received.AdvanceTo(received.GetPosition(1, end));
            _skipping = false;
            if (dropped)
                continue;
            return tooLong ? throw Drop() : true;
        }

        // No end in sight: drop the beginning at once, and the rest as it comes, so that noise can't fill the memory.
        if (_received.Length > _maxLength + 1L || _skipping)
        {
            bool first = !_skipping;
            _skipping = true;
            _received.Reset();
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
            return await _stream.ReadAsync(_received.GetMemory(ReadSize));
        }
        finally
        {
            _reading = false;
        }
    }

    private void DropTorn(long length)
    {
        _reopened = _reconnecting!.Reopened;
        if (length > 0 && !_skipping)
            Torn++;
        _skipping = false;
        _received.AdvanceTo(_received.AsReadOnlySequence.GetPosition(length));
    }

    private string? TakeRest()
    {
        ReadOnlySequence<byte> rest = _received.AsReadOnlySequence;
        bool dropped = _skipping || rest.IsEmpty;
        bool tooLong = !dropped && IsTooLong(rest);
        string? line = dropped || tooLong ? null : Decode(rest);
        _received.Reset();
        return tooLong ? throw Drop() : line;
    }

    // The CR before the LF belongs to the end, not to the line.
    private bool IsTooLong(ReadOnlySequence<byte> line)
        => line.Length > _maxLength + 1L || (line.Length > _maxLength && line.Slice(_maxLength).FirstSpan[0] != '\r');

    private InvalidDataException Drop()
    {
        TooLong++;
        return new InvalidDataException($"A line is longer than {_maxLength} bytes; it was dropped.");
    }

    private string Decode(ReadOnlySequence<byte> line)
    {
        string text = _encoding.GetString(line);
        return text.EndsWith('\r') ? text[..^1] : text;
    }
}
