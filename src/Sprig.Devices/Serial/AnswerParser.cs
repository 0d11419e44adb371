namespace Sprig.Devices.Serial;

/// <summary>Makes a value of the bytes of an answer.</summary>
/// <param name="answer">Valid during the call.</param>
/// <exception cref="InvalidDataException">It is no good answer.</exception>
public delegate T AnswerParser<T>(ReadOnlySpan<byte> answer);
