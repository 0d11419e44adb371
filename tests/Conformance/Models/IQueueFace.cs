using Sprig.Synchronization;

namespace Conformance.Models;

/// <summary>A queue as the model uses it: items are numbers, each with a priority, which most don't look at.</summary>
internal interface IQueueFace
{
    int Count { get; }

    long UnfinishedCount { get; }

    int Getters { get; }

    int Putters { get; }

    ValueTask PutAsync(int item, int priority, CancellationToken token);

    ValueTask PutAsync(int item, int priority, TimeSpan timeout);

    ValueTask<int> GetAsync(CancellationToken token);

    ValueTask<int> GetAsync(TimeSpan timeout);

    ValueTask JoinAsync(CancellationToken token);

    ValueTask<bool> JoinAsync(TimeSpan timeout);

    bool TryPut(int item, int priority);

    bool TryGet(out int item);

    bool TryPeek(out int item);

    void TaskDone();

    void Shutdown(bool immediate);
}

/// <summary>Those whose items stand alone.</summary>
internal sealed class ItemQueueFace(ItemQueue<int> queue) : IQueueFace
{
    public int Count => queue.Count;

    public long UnfinishedCount => queue.UnfinishedCount;

    public int Getters => queue.GetStatistics.Waiters;

    public int Putters => queue.PutStatistics.Waiters;

    public ValueTask PutAsync(int item, int priority, CancellationToken token) => queue.PutAsync(item, token);

    public ValueTask PutAsync(int item, int priority, TimeSpan timeout) => queue.PutAsync(item, timeout);

    public ValueTask<int> GetAsync(CancellationToken token) => queue.GetAsync(token);

    public ValueTask<int> GetAsync(TimeSpan timeout) => queue.GetAsync(timeout);

    public ValueTask JoinAsync(CancellationToken token) => queue.JoinAsync(token);

    public ValueTask<bool> JoinAsync(TimeSpan timeout) => queue.JoinAsync(timeout);

    public bool TryPut(int item, int priority) => queue.TryPut(item);

    public bool TryGet(out int item) => queue.TryGet(out item);

    public bool TryPeek(out int item) => queue.TryPeek(out item);

    public void TaskDone() => queue.TaskDone();

    public void Shutdown(bool immediate) => queue.Shutdown(immediate);
}

/// <summary>The one with priorities.</summary>
internal sealed class PriorityQueueFace(AsyncPriorityQueue<int, int> queue) : IQueueFace
{
    public int Count => queue.Count;

    public long UnfinishedCount => queue.UnfinishedCount;

    public int Getters => queue.GetStatistics.Waiters;

    public int Putters => queue.PutStatistics.Waiters;

    public ValueTask PutAsync(int item, int priority, CancellationToken token) => queue.PutAsync(item, priority, token);

    public ValueTask PutAsync(int item, int priority, TimeSpan timeout) => queue.PutAsync(item, priority, timeout);

    public ValueTask<int> GetAsync(CancellationToken token) => queue.GetAsync(token);

    public ValueTask<int> GetAsync(TimeSpan timeout) => queue.GetAsync(timeout);

    public ValueTask JoinAsync(CancellationToken token) => queue.JoinAsync(token);

    public ValueTask<bool> JoinAsync(TimeSpan timeout) => queue.JoinAsync(timeout);

    public bool TryPut(int item, int priority) => queue.TryPut(item, priority);

    public bool TryGet(out int item) => queue.TryGet(out item);

    public bool TryPeek(out int item) => queue.TryPeek(out item);

    public void TaskDone() => queue.TaskDone();

    public void Shutdown(bool immediate) => queue.Shutdown(immediate);
}
