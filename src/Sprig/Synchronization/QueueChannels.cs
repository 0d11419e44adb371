using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <summary>Bridges between the loop's queues and the channels of the class library, by which other threads feed the loop and are
/// fed by it. Back-pressure passes through: a full queue makes the threads wait, and slow threads fill the queue.</summary>
/// <remarks>Each is a daemon coroutine of the scheduler that it is made on, which ends with the work (see
/// <see cref="DaemonRule.UntilWorkEnds"/>). Made on the loop; the channels' ends that these give may be used on any thread.</remarks>
public static class QueueChannels
{
    /// <summary>An end by which other threads put into the queue. One item is on its way at most, beside those in the queue.</summary>
    /// <remarks>Completing it shuts the queue down, with an error: who takes the last item gets a <see cref="QueueShutdownException"/>
    /// with that error inside. When the queue is shut down, or the run has ended, writing throws <see cref="ChannelClosedException"/>; the
    /// one item on its way to a full queue is dropped then.</remarks>
    /// <param name="queue">Its items belong to the loop.</param>
    /// <param name="file">Filled in by the compiler: it stands in reports.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="InvalidOperationException">No scheduler runs on this thread.</exception>
    public static ChannelWriter<T> AsChannelWriter<T>(this ItemQueue<T> queue, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(queue);
        var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(1) { SingleReader = true });
        // In the step that shuts it down: no thread may think afterwards that it has put something.
        queue.EndToken.UnsafeRegister(_ => channel.Writer.TryComplete(new QueueShutdownException($"{queue} was shut down: nothing can be put into it any more.")), null);
        channel.Reader.PumpTo(queue, file, line).AddDoneCallback(_ => channel.Writer.TryComplete(new QueueShutdownException($"The run that {queue} belongs to has ended.")));
        return channel.Writer;
    }

    /// <summary>An end by which other threads take from the queue; each item goes to one. The channel holds one item at most, and an
    /// item counts as done (<see cref="WaitableQueue{T, TEntry}.TaskDone"/>) when it is in the channel.</summary>
    /// <remarks>When the queue is shut down and empty, the channel is completed, with the error that ended the queue if there was
    /// one. The run does not wait for the threads: await the <see cref="ChannelReader{T}.Completion"/> before main returns; where
    /// items are left in the queue at the run's end, readers get a <see cref="QueueShutdownException"/> that says how many.</remarks>
    /// <inheritdoc cref="AsChannelWriter"/>
    public static ChannelReader<T> AsChannelReader<T>(this ItemQueue<T> queue, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(queue);
        var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(1) { SingleWriter = true });
        SpawnPump(() => DrainAsync(queue, channel.Writer), $"channel out of {queue}", file, line).AddDoneCallback(_ => channel.Writer.TryComplete(
            queue.Count == 0 ? null : new QueueShutdownException($"The run that {queue} belongs to has ended, and {queue.Count} items are left in it.")));
        return channel.Reader;
    }

    /// <summary>Moves items from a channel that is there already into the queue. The handle's end is the end of that; killed, it has
    /// lost no item: each is either in the channel or in the queue.</summary>
    /// <remarks>The channel's end shuts the queue down, as with <see cref="AsChannelWriter"/>; the queue's end ends it, but the
    /// channel's writers can't be told by way of its reader. Nobody else may read from the channel meanwhile.</remarks>
    /// <param name="source">One that can be peeked into, as all of the class library's can.</param>
    /// <param name="target">Of this scheduler.</param>
    /// <param name="file">Filled in by the compiler: it stands in reports.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="NotSupportedException">The channel can't be peeked into.</exception>
    /// <exception cref="InvalidOperationException">No scheduler runs on this thread.</exception>
    public static Coroutine PumpTo<T>(this ChannelReader<T> source, ItemQueue<T> target, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        if (!source.CanPeek)
            throw new NotSupportedException($"{source.GetType().Name} can't be peeked into, so that a kill would lose the item on its way into {target}. Use one of Channel's.");
        return SpawnPump(() => FillAsync(source, target), $"channel into {target}", file, line);
    }

    private static Coroutine SpawnPump(Func<Task> body, string name, string file, int line)
        => Coroutine.Spawn(body, new SpawnOptions { Name = name, Daemon = DaemonRule.UntilWorkEnds }, file, line);

    private static async Task FillAsync<T>(ChannelReader<T> source, ItemQueue<T> target)
    {
        CancellationToken kill = Coroutine.Current.Token;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(kill, target.EndToken);
        try
        {
            while (await source.WaitToReadAsync(end.Token))
            {
                while (source.TryPeek(out T? item))
                {
                    await target.PutAsync(item);
                    // Only now, and in the same step: a kill while it waited for room has left it where it was.
                    source.TryRead(out _);
                }
            }

            target.Shutdown();
        }
        catch (Exception) when (target.IsShutdown)
        {
            // Nobody wants them any more.
        }
#pragma warning disable CA1031 // Whatever ended the channel is passed on.
        catch (Exception e) when (!kill.IsCancellationRequested)
#pragma warning restore CA1031
        {
            target.Fail(e);
        }
    }

    private static async Task DrainAsync<T>(ItemQueue<T> source, ChannelWriter<T> target)
    {
        CancellationToken kill = Coroutine.Current.Token;
        try
        {
            // Room first, then an item: nothing can come between getting it and writing it, since nobody else writes.
            while (await target.WaitToWriteAsync(kill))
            {
                target.TryWrite(await source.GetAsync());
                source.TaskDone();
            }
        }
        catch (QueueShutdownException e)
        {
            target.TryComplete(e.InnerException);
        }
    }
}
