namespace Sprig.IO.Framing;

/// <summary>What <see cref="FrameFormat.Decode"/> is told beside the bytes.</summary>
/// <param name="Examined">How many bytes at the beginning were looked at before in vain, as the format has said then.</param>
/// <param name="Cut">Whether more may follow.</param>
public readonly record struct FrameLook(int Examined, FrameCut Cut);
