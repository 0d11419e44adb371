namespace Sprig.Cli.Demo;

/// <summary>Which managed threads ran the demo's own code: the proof that it is one.</summary>
internal sealed class ThreadTally
{
    private readonly HashSet<int> _threads = [];

    internal int Count => _threads.Count;

    /// <summary>Called in every step of every coroutine of the demo.</summary>
    internal void Note()
    {
        lock (_threads)
            _threads.Add(Environment.CurrentManagedThreadId);
    }
}
