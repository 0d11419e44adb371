using System.Text;
using Sprig.IO.Framing;

namespace Sprig.Devices.Serial;

/// <summary>What a sensor is asked, and how its answer is read.</summary>
public static class SerialRequest
{
    /// <summary>A line that is answered by a line.</summary>
    /// <param name="question">Without its end.</param>
    /// <param name="parse">Makes a value of the answer, which comes without its end; a <see cref="FormatException"/> says that it makes no sense.</param>
    /// <param name="newLine">What ends the question; answers end with LF, or CR and LF.</param>
    public static SerialRequest<T> Line<T>(string question, Func<string, T> parse, string newLine = "\r\n")
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(parse);
        return new FramedRequest<T>(Encoding.UTF8.GetBytes(question + newLine), FrameFormat.Lines(), line => parse(Encoding.UTF8.GetString(line)));
    }

    /// <summary>Bytes that are answered by so many bytes.</summary>
    /// <param name="question">As it goes out.</param>
    /// <param name="answerLength">At least 1.</param>
    /// <param name="parse">Makes a value of the answer; an <see cref="InvalidDataException"/> says that it is none, as when its check is wrong.</param>
    public static SerialRequest<T> Fixed<T>(ReadOnlySpan<byte> question, int answerLength, AnswerParser<T> parse)
        => Framed(question, FrameFormat.Fixed(answerLength), parse);

    /// <summary>Bytes that are answered by a frame; a wrong one counts as malformed at once.</summary>
    /// <param name="question">As it goes out.</param>
    /// <param name="answer">How the answer lies in the stream.</param>
    /// <param name="parse">Makes a value of the frame.</param>
    public static SerialRequest<T> Framed<T>(ReadOnlySpan<byte> question, FrameFormat answer, AnswerParser<T> parse)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(parse);
        return new FramedRequest<T>(question.ToArray(), answer, parse);
    }

    /// <summary>Bytes whose answer is read by code of yours.</summary>
    /// <param name="question">As it goes out; empty for a sensor that talks by itself.</param>
    /// <param name="read">Reads the answer; it is cut off when the time is over. An <see cref="InvalidDataException"/> says that it is none.</param>
    public static SerialRequest<T> Of<T>(ReadOnlySpan<byte> question, Func<Stream, ValueTask<T>> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        return new ReadRequest<T>(question.ToArray(), read);
    }
}
