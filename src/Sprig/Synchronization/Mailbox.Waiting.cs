using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <content>What waits, and what is done with the permits: one for each message, one for each free place.</content>
public sealed partial class Mailbox<T>
{
    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask SendLaterAsync(CoroutineScheduler scheduler, T message, bool pause, CancellationToken token)
    {
        if (pause)
            await IoWait.Turn();
        if (_room is not null && !await _room.TakeAsync(scheduler, token))
            throw Completed("nothing can be sent to it any more");
        Put(message);
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<T> ReceiveLaterAsync(CoroutineScheduler scheduler, bool pause, CancellationToken token)
    {
        if (pause)
            await IoWait.Turn();
        return await _received.TakeAsync(scheduler, token) ? Take() : throw Completed("there is nothing in it any more, and nothing will come");
    }

    /// <summary>There is room for it. In one with the permit, so that completing comes before both or after both.</summary>
    private void Put(T message)
    {
        lock (_gate)
        {
            if (_isCompleted)
                throw Completed("nothing can be sent to it any more");
            _messages.Enqueue(message);
            _received.Give();
        }
    }

    private T Take()
    {
        T message;
        lock (_gate)
            message = _messages.Dequeue();
        _room?.Give();
        return message;
    }

    private CoroutineScheduler SchedulerOrThrow(string instead)
        => CoroutineScheduler.CurrentOrNull ?? throw new InvalidOperationException($"{this} can't be waited for on thread {Environment.CurrentManagedThreadId}, "
            + $"where no scheduler runs. Wait in a coroutine, or use {instead}.");

    private QueueShutdownException Completed(string what) => new($"{this} was completed: {what}.");

    private sealed class Enumerator(Mailbox<T> mailbox, CancellationToken cancellationToken) : IAsyncEnumerator<T>
    {
        public T Current { get; private set; } = default!;

        [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
        public async ValueTask<bool> MoveNextAsync()
        {
            CoroutineScheduler scheduler = mailbox.SchedulerOrThrow(nameof(TryReceive));
            cancellationToken.ThrowIfCancellationRequested();
            await Coroutine.CheckpointAsync();
            if (!await mailbox._received.TakeAsync(scheduler, cancellationToken))
                return false;
            Current = mailbox.Take();
            return true;
        }

        public ValueTask DisposeAsync() => default;
    }
}
