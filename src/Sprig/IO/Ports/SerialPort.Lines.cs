using System.Runtime.CompilerServices;
using System.Text;
using Sprig.Scheduling;

namespace Sprig.IO.Ports;

/// <content>Text up to its end: lines, and what else ends.</content>
public sealed partial class SerialPort
{
    /// <summary>Of what is awaited: noise without an end must not fill the memory.</summary>
    private const int LongestLine = 4096;
    private (string Text, Encoding Encoding, byte[] Bytes)? _end;

    /// <summary>The rest of a text that was too long is still to come, and is to be dropped.</summary>
    private bool _isSkipping;

    /// <summary>How many lines were dropped since they were too long.</summary>
    public long LinesTooLong { get; private set; }

    /// <summary>How many beginnings of lines were dropped since the device was unplugged in their midst and came back: the rest can't
    /// come any more, and what comes is none of theirs.</summary>
    public long LinesTorn { get; private set; }

    /// <summary>Reads up to the next LF and gives the line without its CR and LF; with another <see cref="NewLine"/>, up to that.</summary>
    /// <param name="cancellationToken">Ends the wait; no byte is lost, here and below.</param>
    /// <exception cref="IOException">Unplugged.</exception>
    /// <exception cref="InvalidDataException">A line is longer than 4096 bytes: it was dropped.</exception>
    /// <exception cref="InvalidOperationException">Another reads, or <see cref="DataReceived"/> has handlers.</exception>
    public ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken = default)
        => ReadToAsync(NewLine, dropsCr: NewLine == "\n", cancellationToken);

    /// <summary>Reads up to the next such text, which is taken and not returned.</summary>
    /// <param name="value">What ends it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <inheritdoc cref="ReadLineAsync"/>
    public ValueTask<string?> ReadToAsync(string value, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        return ReadToAsync(value, dropsCr: false, cancellationToken);
    }

    private ValueTask<string?> ReadToAsync(string value, bool dropsCr, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        ThrowIfHandled();
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<string?>(cancellationToken);
        return ReadToAsync(EndOf(value, AwaitedEncoding), dropsCr, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<string?> ReadToAsync(byte[] end, bool dropsCr, CancellationToken cancellationToken)
    {
        // What has come already counts as an operation too: a burst of lines must not hold up the others.
        if (CountAhead > 0)
            await Coroutine.CheckpointAsync();
        string? text;
        while (!TryTakeTo(end, AwaitedEncoding, dropsCr, LongestLine, out text))
            await FillAsync(cancellationToken);
        return text;
    }

    private Encoding AwaitedEncoding => _encoding ?? Encoding.UTF8;

    private byte[] EndOf(string text, Encoding encoding)
    {
        if (_end is not { } known || known.Text != text || known.Encoding != encoding)
            _end = known = (text, encoding, encoding.GetBytes(text));
        return known.Bytes;
    }

    /// <summary>Takes a whole text out of what was read ahead; false when it holds none.</summary>
    private bool TryTakeTo(ReadOnlySpan<byte> end, Encoding encoding, bool dropsCr, int limit, out string? text)
    {
        lock (_gate)
        {
            text = null;
            while (true)
            {
                ReadOnlySpan<byte> unread = _ahead.First;
                int at = Find(unread, end, encoding);
                if (at < 0 && _ahead.IsCut)
                {
                    _ahead.Skip(unread.Length);
                    LinesTorn++;
                    continue;
                }

                if (at < 0)
                {
                    // No end in sight: drop the beginning at once, and the rest as it comes.
                    if (_isSkipping || (limit > 0 && unread.Length > limit + end.Length))
                        SkipBeginning(unread.Length - end.Length + 1);
                    return false;
                }

                bool isDropped = _isSkipping;
                ReadOnlySpan<byte> found = dropsCr && at > 0 && unread[at - 1] == '\r' ? unread[..(at - 1)] : unread[..at];
                bool isTooLong = limit > 0 && found.Length > limit;
                if (!isDropped && !isTooLong)
                    text = Decode(encoding, found);
                _ahead.Skip(at + end.Length);
                _isSkipping = false;
                if (isDropped)
                    continue;
                return isTooLong ? throw Drop() : true;
            }
        }
    }

    private void SkipBeginning(int count)
    {
        bool isFirst = !_isSkipping;
        _isSkipping = true;
        _ahead.Skip(Math.Max(0, count));
        if (isFirst)
            throw Drop();
    }

    private InvalidDataException Drop()
    {
        LinesTooLong++;
        return new InvalidDataException($"A line of {PortName} is longer than {LongestLine} bytes; it was dropped.");
    }

    // In UTF-16 the bytes of an end may also stand across two characters.
    private static int Find(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> end, Encoding encoding)
    {
        int at = bytes.IndexOf(end);
        if (at <= 0 || encoding.IsSingleByte || encoding is UTF8Encoding)
            return at;
        while (!IsBoundary(bytes[..at], encoding))
        {
            int next = bytes[(at + 1)..].IndexOf(end);
            if (next < 0)
                return -1;
            at += next + 1;
        }

        return at;
    }

    private static bool IsBoundary(ReadOnlySpan<byte> bytes, Encoding encoding)
    {
        Decoder decoder = encoding.GetDecoder();
        int without = decoder.GetCharCount(bytes, flush: false);
        return without == decoder.GetCharCount(bytes, flush: true);
    }
}
