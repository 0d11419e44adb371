namespace Sprig.Scheduling;

/// <summary>Is told, on the loop thread, of what happens in a run. Override what is of interest; what an observer throws is
/// written to the error output and goes no further.</summary>
public abstract class SchedulerObserver
{
    /// <summary>A coroutine was spawned; it has not run.</summary>
    public virtual void OnSpawned(Coroutine coroutine)
    {
    }

    /// <summary>A coroutine has ended: see its <see cref="Coroutine.State"/>.</summary>
    public virtual void OnEnded(Coroutine coroutine)
    {
    }

    /// <summary>A failure that nobody has looked at, told once: a daemon's at once, another's when its handle was collected
    /// as garbage or the run has ended. That of a whole <see cref="SchedulerThread"/> which nobody joined is told on another
    /// thread, since its loop is gone.</summary>
    /// <param name="name">The name of the coroutine that failed, or of the completion source that was failed.</param>
    /// <param name="spawnedAt">File and line of its spawn, or of its making.</param>
    /// <param name="exception">What its body threw.</param>
    public virtual void OnUnobservedFailure(string name, string spawnedAt, Exception exception)
    {
    }

    /// <summary>A killed coroutine has not ended within its grace time; from now on its waits throw.</summary>
    public virtual void OnStraggler(Coroutine coroutine)
    {
    }

    /// <summary>Coroutines would have waited for each other in a circle; the one that closed it gets the error, whatever it
    /// makes of it.</summary>
    public virtual void OnDeadlock(DeadlockException error)
    {
    }

    /// <summary>A callback (a done callback, a post, an async void method) threw; or a coroutine that has an error of its own
    /// ended with a lock in hand (<see cref="AbandonedLockException"/>).</summary>
    /// <param name="coroutine">In whose name it ran; null for posts and done callbacks.</param>
    /// <param name="exception">What it threw.</param>
    public virtual void OnCallbackFailed(Coroutine? coroutine, Exception exception)
    {
    }
}
