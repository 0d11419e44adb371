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
