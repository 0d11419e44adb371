namespace Sprig.Scheduling;

/// <summary>A <see cref="Coroutine"/> whose body gives a result: awaiting the handle gives it.</summary>
/// <typeparam name="T">The result's type.</typeparam>
public sealed class Coroutine<T> : Coroutine
{
    internal Coroutine(CoroutineScheduler scheduler, Func<Task<T>> body, string? name, DaemonRule daemon, string file, int line)
        : base(scheduler, body, name, daemon, file, line)
    {
    }

    /// <summary>What its body returned.</summary>
    /// <exception cref="InvalidOperationException">It has not ended: await it.</exception>
    /// <exception cref="CoroutineKilledException">It was killed.</exception>
    public T Result
    {
        get
        {
            ThrowIfNotCompleted();
            return ((Task<T>)BodyTask!).GetAwaiter().GetResult();
        }
    }

    /// <summary>Waits for its end and gives its result; throws as <see cref="Coroutine.GetAwaiter"/> does.</summary>
    public new CoroutineAwaiter<T> GetAwaiter() => new(this, BeginJoin());

    /// <summary>Its result as a task, for code that combines tasks.</summary>
    /// <inheritdoc cref="Coroutine.AsTask"/>
    public new Task<T> AsTask()
    {
        EndTask<T> end = new(static coroutine => ((Coroutine<T>)coroutine).Result);
        AddListener(end);
        return end.Task;
    }
}
