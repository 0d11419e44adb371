using Sprig.Scheduling;

namespace Sprig.Devices.Serial;

/// <summary>Why a request got no good answer.</summary>
internal enum PollFailure
{
    Timeout,
    Malformed,
    Line,
    Other,
}

/// <summary>What an exception says of it.</summary>
internal static class PollFailures
{
    internal static PollFailure Of(Exception error) => error switch
    {
        TimeoutException => PollFailure.Timeout,
        InvalidDataException or FormatException or OverflowException => PollFailure.Malformed,
        IOException => PollFailure.Line,
        _ => PollFailure.Other,
    };

    /// <summary>Whether it is one of the request's at all: a kill ends the poller, and so does a line that its owner has closed.</summary>
    internal static bool IsOfRequest(Exception error) => !Coroutine.Current.IsKillRequested && error is not ObjectDisposedException;
}
