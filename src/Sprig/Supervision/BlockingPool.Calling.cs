namespace Sprig.Supervision;

/// <content>For callers that can't await.</content>
public sealed partial class BlockingPool
{
    [ThreadStatic]
    private static BlockingPool? t_current;

    /// <summary>Whether the code that asks runs on one of its threads.</summary>
    public bool IsCurrent => t_current == this;

    /// <summary>Runs code on a thread of the pool, in its turn, and blocks the calling thread until it has ended; on a thread of the pool it
    /// runs at once. For what can't await: a constructor, another thread. In a coroutine it stops the whole loop: use
    /// <see cref="RunAsync(Action, CancellationToken, string, int)"/> there.</summary>
    /// <remarks>Where the code itself waits for the loop that is stopped, neither goes on.</remarks>
    /// <param name="work">Synchronous code. What it throws, this throws.</param>
    /// <exception cref="InvalidOperationException">The pool is shut down.</exception>
    public void Run(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        _ = Run(() =>
        {
            work();
            return true;
        });
    }

    /// <typeparam name="T">The result's type.</typeparam>
    /// <returns>What the code returned.</returns>
    /// <exception cref="ArgumentException">The code is asynchronous.</exception>
    /// <inheritdoc cref="Run(Action)"/>
    public T Run<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        ThrowIfAsynchronous<T>(nameof(work));
        if (IsCurrent)
            return work();
        CalledWork<T> called = new(work);
        Enqueue(called);
        try
        {
            return called.Wait();
        }
        catch (ThreadInterruptedException)
        {
            Abandon(called);
            throw;
        }
    }

    private void ThrowIfAsynchronous<T>(string parameter)
    {
        if (typeof(Task).IsAssignableFrom(typeof(T)) || typeof(T) == typeof(ValueTask))
            throw new ArgumentException($"Asynchronous work does not block, and {this} would not wait for it; await it in a coroutine.", parameter);
    }
}
