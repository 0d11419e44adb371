namespace Sprig.IO.Links;

/// <summary>Why a link carries nothing any more. The values of the first two travel in frames.</summary>
internal enum LinkEnd : byte
{
    /// <summary>It lives.</summary>
    None = 0,

    /// <summary>The other side gave it up.</summary>
    Aborted = 1,

    /// <summary>The other side has said all it had to say, and listens no more.</summary>
    Closed = 2,

    /// <summary>The other side has begun a new session.</summary>
    Restarted,

    /// <summary>Nothing was acknowledged for too long.</summary>
    Lost,

    /// <summary>The line below has failed, or ended.</summary>
    LineFailed,

    /// <summary>This side has disposed it.</summary>
    Disposed,
}
