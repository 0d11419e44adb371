using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <summary>Messages between schedulers: a queue that any thread may send to and receive from. Waiting is for coroutines, of any
/// scheduler; plain threads use the Try forms.</summary>
/// <remarks>First in, first out, and first come first served on both sides, across all schedulers. Full, it makes senders wait:
/// back-pressure from one loop to the other. A wait that throws (kill, deadline, cancellation) has taken, or sent, nothing: what
/// was on its way to the coroutine goes to the next. A message itself is not copied: what two threads may reach must not change,
/// or be given away with the message. Between coroutines of one scheduler an <c>AsyncQueue</c> is much cheaper.</remarks>
/// <typeparam name="T">The messages' type.</typeparam>
/// <example><code>
/// Mailbox&lt;Job&gt; jobs = new(capacity: 100);
/// SchedulerThread worker = CoroutineScheduler.Start(async () =>
/// {
///     await foreach (Job job in jobs)         // until jobs.Complete()
///         Work(job);
/// });
/// await jobs.SendAsync(job);                  // waits while 100 are in it
/// </code></example>
public sealed partial class Mailbox<T> : IAsyncEnumerable<T>
{
    private readonly Label _label;
    private readonly Lock _gate = new();
    private readonly Queue<T> _messages = new();
    private readonly SharedPermits _received;

    /// <summary>Null where there is no bound.</summary>
    private readonly SharedPermits? _room;
    private volatile bool _isCompleted;

    /// <summary>An empty mailbox.</summary>
    /// <param name="capacity">How many messages it holds at most; null or 0: without bound.</param>
    /// <param name="name">For reports and errors; where it is made, unless given.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative capacity.</exception>
    public Mailbox(int? capacity = null, string? name = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        _label = new Label("Mailbox", name, file, line);
        if (capacity is < 0 and { } given)
            throw Bound.Negative(given, _label);
        Capacity = capacity is 0 ? null : capacity;
        _received = new SharedPermits(0, $"a message of {_label}");
        _room = Capacity is { } most ? new SharedPermits(most, $"room in {_label}") : null;
    }

    /// <summary>Its name; the place where it was made, unless it was given one.</summary>
    public string Name => _label.Name;

    /// <summary>How many messages it holds at most; null where there is no bound.</summary>
    public int? Capacity { get; }

    /// <summary>How many messages are in it, at this moment. Any thread.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _messages.Count;
        }
    }

    /// <summary>Whether <see cref="Complete"/> was called. Any thread.</summary>
    public bool IsCompleted => _isCompleted;

    /// <summary>Sends a message; waits for room. In a coroutine of any scheduler.</summary>
    /// <param name="message">Belongs to the receiver from now on.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="QueueShutdownException">The mailbox is completed; the message is still the caller's, here and below.</exception>
    /// <exception cref="CoroutineKilledException">Killed while it waited.</exception>
    /// <exception cref="DeadlineExceededException">A <see cref="Deadline"/> around the wait has passed.</exception>
    /// <exception cref="InvalidOperationException">No coroutine runs on this thread.</exception>
    public ValueTask SendAsync(T message, CancellationToken cancellationToken = default)
    {
        CoroutineScheduler scheduler = SchedulerOrThrow(nameof(TrySend));
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        if (IoWait.MustPause(scheduler))
            return SendLaterAsync(scheduler, message, pause: true, cancellationToken);
        return TrySend(message) ? default : SendLaterAsync(scheduler, message, pause: false, cancellationToken);
    }

    /// <summary>Sends a message if there is room; never waits. Any thread.</summary>
    /// <returns>False: the mailbox is full, and the message still the caller's.</returns>
    /// <exception cref="QueueShutdownException">The mailbox is completed; the message is still the caller's.</exception>
    public bool TrySend(T message)
    {
        if (_isCompleted)
            throw Completed("nothing can be sent to it any more");
        if (_room?.TryTake() == false)
            return false;
        Put(message);
        return true;
    }

    /// <summary>Takes the next message; waits for one. In a coroutine of any scheduler.</summary>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="QueueShutdownException">The mailbox is completed, and empty.</exception>
    /// <exception cref="CoroutineKilledException">Killed while it waited; it has taken nothing, here and below.</exception>
    /// <exception cref="DeadlineExceededException">A <see cref="Deadline"/> around the wait has passed.</exception>
    /// <exception cref="InvalidOperationException">No coroutine runs on this thread.</exception>
    public ValueTask<T> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        CoroutineScheduler scheduler = SchedulerOrThrow(nameof(TryReceive));
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<T>(cancellationToken);
        if (IoWait.MustPause(scheduler))
            return ReceiveLaterAsync(scheduler, pause: true, cancellationToken);
        return TryReceive(out T? message) ? new ValueTask<T>(message) : ReceiveLaterAsync(scheduler, pause: false, cancellationToken);
    }

    /// <summary>Takes the next message if there is one; never waits. Any thread.</summary>
    public bool TryReceive([MaybeNullWhen(false)] out T message)
    {
        bool has = _received.TryTake();
        message = has ? Take() : default;
        return has;
    }

    /// <summary>Ends it: from now on sends throw, those that wait too; receivers take what is left and then throw, and
    /// <c>await foreach</c> ends. Any thread; a second time changes nothing.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isCompleted = true;
            _room?.Close();
            _received.Close();
        }
    }

    /// <summary><c>await foreach</c>: each message as it comes, until the mailbox is completed and empty. Several may do it: each
    /// message goes to one of them.</summary>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Enumerator(this, cancellationToken);

    /// <summary>Its kind and name, or where it was made.</summary>
    public override string ToString() => _label.ToString();
}
