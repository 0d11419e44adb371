namespace Sprig.IO.Links;

/// <summary>The options of a link, checked, in nanoseconds.</summary>
/// <param name="BufferSize">Bytes of each direction.</param>
/// <param name="MaxPayload">Bytes of a frame.</param>
/// <param name="PeerTimeout">How long nothing may be acknowledged.</param>
/// <param name="KeepAlive">After so long a silence it is asked whether the other side lives; the end of time: never.</param>
internal sealed record LinkTerms(int BufferSize, int MaxPayload, long PeerTimeout, long KeepAlive);
