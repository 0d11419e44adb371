using System.Runtime.CompilerServices;

namespace Sprig.Scheduling;

/// <summary>What <see cref="Coroutine.Yield"/> gives: await it. The shortest way through the loop: the continuation goes
/// straight into the ready ring.</summary>
public readonly struct YieldAwaitable
{
    private readonly Coroutine _coroutine;

    internal YieldAwaitable(Coroutine coroutine) => _coroutine = coroutine;

    /// <summary>For the compiler.</summary>
    /// <exception cref="InvalidOperationException">Another coroutine, or another thread, awaits it than called Yield.</exception>
    public Awaiter GetAwaiter() => _coroutine.Scheduler.Running == _coroutine ? new Awaiter(_coroutine)
        : throw new InvalidOperationException($"A yield of {_coroutine} was awaited elsewhere; await it where it was called.");

    /// <summary>For the compiler.</summary>
    public readonly struct Awaiter : ICriticalNotifyCompletion
    {
        private readonly Coroutine _coroutine;

        internal Awaiter(Coroutine coroutine) => _coroutine = coroutine;

        /// <summary>Whether a kill or a deadline is to be thrown at once; a yield itself always gives way.</summary>
        public bool IsCompleted => _coroutine.HasInterrupt && !_coroutine.IsStraggler;

        /// <inheritdoc/>
        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        /// <inheritdoc/>
        public void UnsafeOnCompleted(Action continuation)
        {
            if (_coroutine.IsStraggler)
                _coroutine.RefuseYield(continuation);
            else
                _coroutine.Scheduler.Ready.Enqueue(_coroutine, continuation, null);
        }

        /// <summary>Throws what came in the meantime: a kill, a deadline.</summary>
        public void GetResult() => _coroutine.ThrowIfInterrupted();
    }
}
