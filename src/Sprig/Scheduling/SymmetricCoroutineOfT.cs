namespace Sprig.Scheduling;

/// <summary>A body that others hand control and a value to, directly, and that hands them on: greenlet's switch. No tick of
/// the scheduler lies between, so that generators, parsers fed piece by piece, and state machines are written as plain
/// loops. It works inside a coroutine and, as long as its body does nothing but switch, without any scheduler.</summary>
/// <remarks>
/// <para>All that switch to each other run in one coroutine, and are one to the scheduler: when a body waits (a sleep, a
/// queue), they all wait; kills, deadlines and <see cref="CoroutineLocal{T}"/> values are the coroutine's. A kill is thrown
/// by the wait that it finds and goes on through the parents. Switching gives way to no other coroutine;
/// <see cref="Coroutine.Yield"/> does. Flows that run side by side in one coroutine (a WhenAll) must not switch; spawn a
/// coroutine for each.</para>
/// <para>The code that none of them runs is the root: a coroutine's own body, or code outside of coroutines. Outside, a body
/// must do nothing but switch (another wait is refused in the root's switch), and one thread at a time may use it. Inside, it
/// belongs to the coroutine that first switched to it.</para>
/// <para>One that is suspended and never switched to again is just garbage, and its <c>finally</c> blocks do not run:
/// <see cref="DisposeAsync"/> unwinds it. Switching allocates nothing and takes no stack.</para>
/// </remarks>
/// <example><code>
/// SymmetricCoroutine&lt;bool, int&gt; squares = new(async (self, _) =>
/// {
///     for (int i = 0; ; i++)
///         await self.SwitchBack(i * i);
/// });
/// int first = await squares.Switch(true);     // 0, then 1, 4, 9 ...
/// </code></example>
/// <typeparam name="TIn">What is handed to it.</typeparam>
/// <typeparam name="TOut">What it hands back, and its result.</typeparam>
public sealed class SymmetricCoroutine<TIn, TOut> : SymmetricCoroutine, IAsyncDisposable
{
    private static readonly ContextCallback s_callBody = static self => ((SymmetricCoroutine<TIn, TOut>)self!).CallBody();
    private Func<SymmetricCoroutine<TIn, TOut>, TIn, Task<TOut>>? _body;
    private Task<TOut>? _task;

    /// <summary>Makes one; it starts when it is first switched to. Its parent is the one whose body makes it.</summary>
    /// <param name="body">Gets itself and the first value. What it returns or throws goes to its
    /// <see cref="SymmetricCoroutine.Parent"/>.</param>
    /// <param name="name">For errors; numbered unless given.</param>
    public SymmetricCoroutine(Func<SymmetricCoroutine<TIn, TOut>, TIn, Task<TOut>> body, string? name = null)
        : base(name, Current, null)
    {
        ArgumentNullException.ThrowIfNull(body);
        _body = body;
        // Not started is suspended before the first line.
        Pending = LandingFor<TIn>();
        Pending.Continuation = Start;
    }

    /// <summary>Suspends the caller and hands control and a value to this one, whose pending switch returns it; the first time it
    /// starts the body with it. When control comes back, the await gives what came with it: what this one hands back, or its
    /// result, or what another has switched to the caller with.</summary>
    /// <exception cref="InvalidOperationException">Thrown by the await, and nothing was handed over: this one has ended; it
    /// waits for a value of another type; it belongs to another coroutine, or has control and waits for something other than
    /// a switch.</exception>
    public SwitchAwaitable<TIn, TOut> Switch(TIn value) => new(this, value, null, false);

    /// <summary>As <see cref="Switch"/>, but this one's pending switch throws; one that has not started ends with the
    /// error.</summary>
    /// <param name="error">What to throw in it.</param>
    /// <inheritdoc cref="Switch"/>
    public SwitchAwaitable<TIn, TOut> Throw(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new SwitchAwaitable<TIn, TOut>(this, default!, error, false);
    }

    /// <summary>In its own body: hands control and a value back to the one that last switched to it, as a generator's yield
    /// does. The await gives the value that it is next switched to with.</summary>
    /// <exception cref="InvalidOperationException">Thrown by the await: this is not the body that runs, or the other has ended or
    /// waits for a value of another type.</exception>
    public SwitchAwaitable<TOut, TIn> SwitchBack(TOut value) => new(this, value, null, true);

    /// <summary>Ends it if it has not ended: its pending switch throws <see cref="CoroutineKilledException"/>, its <c>finally</c>
    /// blocks run and may wait, and control comes back here. One that has not started never runs.</summary>
    /// <exception cref="InvalidOperationException">It caught the exception and has switched on instead of ending; or it is
    /// the caller itself; or it can't be switched to.</exception>
    public async ValueTask DisposeAsync()
    {
        if (!IsAlive)
            return;
        SymmetricCoroutine caller = Switchboard.Here.Current;
        if (caller == this)
            throw new InvalidOperationException($"{this} can't dispose of itself; let its body return.");
        CoroutineKilledException exit = new($"{this} was disposed of.", Name);
        Heir = caller;
        try
        {
            await Throw(exit);
        }
        catch (CoroutineKilledException e) when (ReferenceEquals(e, exit))
        {
            return;
        }
        finally
        {
            Heir = null;
        }

        if (IsAlive)
            throw new InvalidOperationException($"{this} was disposed of and has not ended: it has switched in its clean-up.");
    }

    private void Start()
    {
        ExecutionContext? flow = Flow;
        Flow = null;
        if (flow is null)
            CallBody();
        else
            ExecutionContext.Run(flow, s_callBody, this);
        if (_task!.IsCompleted)
            OnEnded();
        else
            _task.GetAwaiter().UnsafeOnCompleted(OnEnded);
    }

    private void CallBody()
    {
        try
        {
            TIn first = LandingFor<TIn>().Take();
            _task = _body!(this, first)
                ?? throw new InvalidOperationException($"The body of {this} returned null instead of a task.");
        }
#pragma warning disable CA1031 // Whatever the body throws is what it ends with.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _task = Task.FromException<TOut>(e);
        }
    }

    private void OnEnded()
    {
        Task<TOut> task = _task!;
        // The handle may live on; what its body held is free, and the ended do not hang on each other.
        _task = null;
        _body = null;
        SwitchedBy = null;
        IsAlive = false;
        TOut? result = default;
        Exception? error = null;
        try
        {
            result = task.GetAwaiter().GetResult();
        }
#pragma warning disable CA1031 // Whatever it is goes to the parent.
        catch (Exception e)
#pragma warning restore CA1031
        {
            error = e;
        }

        Board!.End(this, result!, error);
    }
}
