using System.Runtime.CompilerServices;

namespace Sprig.Scheduling;

/// <summary>Tasks from outside as coroutines, to be joined, killed and listed like any other.</summary>
public static class CoroutineTaskExtensions
{
    /// <summary>Spawns a coroutine that ends as the task does. Killing it ends it at once, and leaves the task running.</summary>
    /// <param name="task">Of whatever kind. A cancelled one is a failure of the coroutine: nobody has killed it.</param>
    /// <param name="options">Its name and daemon rule.</param>
    /// <param name="file">Filled in by the compiler: it stands in reports.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="InvalidOperationException">No scheduler runs on this thread.</exception>
    public static Coroutine AsCoroutine(this Task task, SpawnOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(task);
        return Coroutine.Spawn(() => task.WaitAsync(Coroutine.Current.Token), options, file, line);
    }

    /// <typeparam name="T">The result's type.</typeparam>
    /// <inheritdoc cref="AsCoroutine(Task, SpawnOptions?, string, int)"/>
    public static Coroutine<T> AsCoroutine<T>(this Task<T> task, SpawnOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(task);
        return Coroutine.Spawn(() => task.WaitAsync(Coroutine.Current.Token), options, file, line);
    }
}
