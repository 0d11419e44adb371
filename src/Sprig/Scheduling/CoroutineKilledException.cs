using System.Runtime.InteropServices;

namespace Sprig.Scheduling;

/// <summary>Thrown by the wait of a coroutine that was killed, so that its <c>finally</c> blocks run; and to whoever awaits
/// the killed one. Catching it does not undo the kill.</summary>
public sealed class CoroutineKilledException : OperationCanceledException
{
    internal CoroutineKilledException(string message, Coroutine coroutine)
        : base(message)
    {
        CoroutineName = coroutine.Name;
        Signal = coroutine.KillSignal;
    }

    internal CoroutineKilledException(string message, string coroutineName)
        : base(message) => CoroutineName = coroutineName;

    /// <summary>The name of the coroutine that was killed.</summary>
    public string CoroutineName { get; }

    /// <summary>The signal that ended the run (SIGINT, SIGTERM), where it was one.</summary>
    public PosixSignal? Signal { get; }
}
