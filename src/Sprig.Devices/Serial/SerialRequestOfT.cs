using Sprig.IO.Framing;

namespace Sprig.Devices.Serial;

/// <summary>One kind of request, with answers of one type: made by <see cref="SerialRequest"/>.</summary>
public abstract class SerialRequest<T>
{
    private protected SerialRequest(byte[] question) => Question = question;

    internal byte[] Question { get; }

    /// <summary>Whether a part of an answer has come when the time was over.</summary>
    internal virtual bool BrokeOff => false;

    internal abstract ValueTask<T> ReadAsync(Stream line);
}

/// <summary>An answer that is a frame.</summary>
internal sealed class FramedRequest<T>(byte[] question, FrameFormat format, AnswerParser<T> parse) : SerialRequest<T>(question)
{
    private Stream? _line;
    private FrameReader? _reader;

    internal override bool BrokeOff => _reader is { Buffered: > 0 };

    internal override async ValueTask<T> ReadAsync(Stream line)
    {
        FrameReader reader = ReaderOf(line);
        ReadOnlyMemory<byte>? frame = await reader.ReadAsync();
        return frame is { } answer ? parse(answer.Span) : throw new EndOfStreamException($"The other end of {TimedReads.Describe(line)} is closed.");
    }

    private FrameReader ReaderOf(Stream line)
    {
        if (_reader is null || _line != line)
        {
            // What it would drop and read on behind is the answer: there will be no other.
            _reader = new FrameReader(line, format) { Dropped = (fault, _) => throw new InvalidDataException($"A garbled answer: {fault}.") };
            _line = line;
        }

        // What was left of an earlier answer.
        _reader.TakeUnread();
        return _reader;
    }
}

/// <summary>An answer that is read by the user's code.</summary>
internal sealed class ReadRequest<T>(byte[] question, Func<Stream, ValueTask<T>> read) : SerialRequest<T>(question)
{
    internal override ValueTask<T> ReadAsync(Stream line) => read(line);
}
