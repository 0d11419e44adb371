namespace Sprig.Supervision;

/// <summary>Synchronous code that was given to a <see cref="BlockingPool"/>, on its way to a thread and back.</summary>
internal abstract class BlockingWork
{
    private static readonly ContextCallback s_call = static self => ((BlockingWork)self!).Call();
    private readonly ExecutionContext? _flow = ExecutionContext.Capture();

    /// <summary>Nobody waits for it any more. Guarded by the pool's gate.</summary>
    internal bool IsAbandoned { get; set; }

    /// <summary>Where it stands in the pool's line. Guarded by the pool's gate.</summary>
    internal LinkedListNode<BlockingWork>? Place { get; set; }

    /// <summary>On a thread of the pool.</summary>
    internal void Run()
    {
        Exception? error = null;
        try
        {
            if (_flow is null)
                Call();
            else
                ExecutionContext.Run(_flow, s_call, this);
        }
#pragma warning disable CA1031 // Whatever it is, the waiter gets it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            error = e;
        }

        Tell(error);
    }

    /// <summary>It will never run. Any thread.</summary>
    internal abstract void Drop();

    private protected abstract void Call();

    /// <summary>Tells who waits that it has ended, on a thread of the pool.</summary>
    private protected abstract void Tell(Exception? error);
}
