using System.Runtime.CompilerServices;

namespace Sprig.Scheduling;

/// <summary>What <see cref="Coroutine.Sleep"/> and <see cref="Coroutine.SleepUntil"/> give: await it, once or often. The
/// moment is fixed when it is made; the wait begins when it is awaited.</summary>
public readonly struct SleepAwaitable
{
    internal const string Forever = "a kill (sleep without end)";
    private const string Time = "a time (sleep)";
    private readonly long _due;

    internal SleepAwaitable(long due) => _due = due;

    /// <summary>For the compiler.</summary>
    public Awaiter GetAwaiter() => new(Begin());

    /// <summary>The same wait as a ValueTask, for code that combines tasks. It begins now.</summary>
    public ValueTask AsValueTask()
    {
        Completion wait = Begin();
        return new ValueTask(wait, wait.Version);
    }

    internal Completion Begin()
    {
        Completion wait = Completion.Begin(_due == long.MaxValue ? Forever : Time);
        // The end of time needs no timer: such a sleep ends by a kill or a deadline alone.
        if (_due != long.MaxValue)
            wait.HangOnTime(_due);
        return wait;
    }

    /// <summary>For the compiler.</summary>
    public readonly struct Awaiter : ICriticalNotifyCompletion
    {
        private readonly Completion _wait;
        private readonly short _version;

        internal Awaiter(Completion wait)
        {
            _wait = wait;
            _version = wait.Version;
        }

        /// <summary>Whether a kill or a deadline is to be thrown at once; a sleep itself always gives way.</summary>
        public bool IsCompleted => _wait.IsFinished;

        /// <inheritdoc/>
        public void OnCompleted(Action continuation) => _wait.OnCompleted(continuation, null, _version);

        /// <inheritdoc/>
        public void UnsafeOnCompleted(Action continuation) => _wait.OnCompleted(continuation, null, _version);

        /// <summary>Throws what ended the sleep early.</summary>
        public void GetResult() => _wait.GetResult(_version);
    }
}
