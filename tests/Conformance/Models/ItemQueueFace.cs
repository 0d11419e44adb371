using Sprig.Synchronization;

namespace Conformance.Models;

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
