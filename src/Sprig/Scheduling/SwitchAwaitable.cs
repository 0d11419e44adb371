using System.Runtime.CompilerServices;

namespace Sprig.Scheduling;

/// <summary>What the switches of <see cref="SymmetricCoroutine{TIn, TOut}"/> give: await it, at once. Until it is awaited nothing
/// happens.</summary>
/// <typeparam name="THanded">What is handed over.</typeparam>
/// <typeparam name="TBack">What comes with control when it is back.</typeparam>
public readonly struct SwitchAwaitable<THanded, TBack>
{
    private readonly SymmetricCoroutine _coroutine;
    private readonly THanded _value;
    private readonly Exception? _error;
    private readonly bool _isBack;

    internal SwitchAwaitable(SymmetricCoroutine coroutine, THanded value, Exception? error, bool isBack)
    {
        _coroutine = coroutine;
        _value = value;
        _error = error;
        _isBack = isBack;
    }

    /// <summary>For the compiler. Here the switch is made, or refused by an exception.</summary>
    public Awaiter GetAwaiter()
    {
        Switchboard board = Switchboard.Here;
        return new Awaiter(board, _isBack
            ? board.SwitchBack<THanded, TBack>(_coroutine, _value)
            : board.Switch<THanded, TBack>(_coroutine, _value, _error));
    }

    /// <summary>For the compiler.</summary>
    public readonly struct Awaiter : ICriticalNotifyCompletion
    {
        private readonly Switchboard _board;
        private readonly SwitchLanding<TBack> _landing;

        internal Awaiter(Switchboard board, SwitchLanding<TBack> landing)
        {
            _board = board;
            _landing = landing;
        }

        /// <summary>Whether control is back already: where no symmetric coroutine awaits, and those that had control meanwhile
        /// have done nothing but switch.</summary>
        public bool IsCompleted => _landing.IsReached;

        /// <inheritdoc/>
        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        /// <inheritdoc/>
        public void UnsafeOnCompleted(Action continuation)
        {
            _landing.Continuation = continuation;
            _board.OnSuspended();
        }

        /// <summary>What came with control, or throws it.</summary>
        public TBack GetResult() => _landing.Take();
    }
}
