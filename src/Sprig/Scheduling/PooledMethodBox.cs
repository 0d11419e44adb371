using System.Runtime.CompilerServices;

namespace Sprig.Scheduling;

/// <summary>A <see cref="LoopMethodBox{T}"/> with the state of one method; pooled by thread, as many as ever waited at once.</summary>
internal sealed class PooledMethodBox<T, TStateMachine> : LoopMethodBox<T>
    where TStateMachine : IAsyncStateMachine
{
    private const int PooledAtMost = 4096;
    private static readonly ContextCallback s_moveNext = static self => ((PooledMethodBox<T, TStateMachine>)self!).StateMachine!.MoveNext();

    [ThreadStatic]
    private static PooledMethodBox<T, TStateMachine>? t_pool;

    [ThreadStatic]
    private static int t_pooled;

    private readonly Action _moveNext;
    private PooledMethodBox<T, TStateMachine>? _next;
    private ExecutionContext? _flow;

    private PooledMethodBox() => _moveNext = MoveNext;

    internal TStateMachine? StateMachine;

    internal static PooledMethodBox<T, TStateMachine> Rent()
    {
        if (t_pool is not { } box)
            return new PooledMethodBox<T, TStateMachine>();
        t_pool = box._next;
        box._next = null;
        t_pooled--;
        return box;
    }

    /// <summary>What goes on with the method.</summary>
    internal Action Park()
    {
        _flow = ExecutionContext.Capture();
        return _moveNext;
    }

    private protected override void Return()
    {
        StateMachine = default;
        _flow = null;
        if (t_pooled >= PooledAtMost)
            return;
        _next = t_pool;
        t_pool = this;
        t_pooled++;
    }

    private void MoveNext()
    {
        if (_flow is null)
            StateMachine!.MoveNext();
        else
            ExecutionContext.Run(_flow, s_moveNext, this);
    }
}
