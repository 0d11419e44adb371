namespace Sprig.IO.Framing;

/// <summary>Is told of bytes that a <see cref="FrameReader"/> drops, as they are dropped: one fault may be told in several
/// pieces.</summary>
/// <param name="fault">Why.</param>
/// <param name="bytes">As they came; of a frame whose check is wrong, the frame as it was decoded, with the check. Valid during the call.</param>
public delegate void DroppedBytes(FrameFault fault, ReadOnlySpan<byte> bytes);
