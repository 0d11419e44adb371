using System.Threading.Channels;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Sprig.Tests.Scheduling;
using Xunit;

namespace Sprig.Tests.Synchronization;

/// <summary>The bridges between the loop's queues and channels.</summary>
public class QueueChannelsTests
{
    private readonly VirtualRun _run = new();

    private static SchedulerOptions RealTime => new() { HandleSignals = false, ErrorOutput = TextWriter.Null };

    [Fact]
    public void Threads_feed_a_queue_in_their_order_and_completing_ends_it() => CoroutineScheduler.Run(
        async () =>
        {
            AsyncQueue<int> queue = new(capacity: 3);
            ChannelWriter<int> writer = queue.AsChannelWriter();
            Task feeding = OnAThread(async () =>
            {
                for (int i = 0; i < 1000; i++)
                    await writer.WriteAsync(i).ConfigureAwait(false);
                writer.Complete();
            });
            List<int> got = [];
            await foreach (int item in queue)
                got.Add(item);
            Assert.Equal(Enumerable.Range(0, 1000), got);
            Assert.True(queue.IsShutdown);
            await feeding;
        },
        RealTime);

    [Fact]
    public void A_full_queue_makes_the_threads_wait() => CoroutineScheduler.Run(
        async () =>
        {
            AsyncQueue<int> queue = new(capacity: 2);
            ChannelWriter<int> writer = queue.AsChannelWriter();
            int written = 0;
            while (queue.Count < 2 || written < 3)
            {
                if (writer.TryWrite(written))
                    written++;
                await Coroutine.Yield();
            }

            // Two in the queue and one on its way; and so it stays.
            for (int i = 0; i < 100; i++)
            {
                Assert.False(writer.TryWrite(99));
                await Coroutine.Yield();
            }

            Assert.Equal(0, await queue.GetAsync());
            Assert.True(await writer.WaitToWriteAsync());
            Assert.True(writer.TryWrite(3));
            for (int i = 1; i <= 3; i++)
                Assert.Equal(i, await queue.GetAsync());
            writer.Complete();
            await Assert.ThrowsAsync<QueueShutdownException>(async () => await queue.GetAsync());
        },
        RealTime);

    [Fact]
    public void An_error_of_the_writing_threads_comes_to_who_takes_the_last_item() => _run.Run(async () =>
    {
        AsyncQueue<int> queue = new(name: "fed");
        ChannelWriter<int> writer = queue.AsChannelWriter();
        await writer.WriteAsync(1);
        writer.Complete(new InvalidOperationException("the sensor is gone"));
        Assert.Equal(1, await queue.GetAsync());
        QueueShutdownException error = await Assert.ThrowsAsync<QueueShutdownException>(async () => await queue.GetAsync());
        Assert.Equal("the sensor is gone", error.InnerException!.Message);
        error = await Assert.ThrowsAsync<QueueShutdownException>(async () =>
        {
            await foreach (int item in queue)
                Assert.Fail($"There should be no {item}.");
        });
        Assert.Equal("the sensor is gone", error.InnerException!.Message);
        Assert.Throws<QueueShutdownException>(() => queue.TryPut(2));
    });

    [Fact]
    public void One_who_waits_when_the_channel_fails_gets_the_error_too() => _run.Run(async () =>
    {
        AsyncQueue<int> queue = new();
        ChannelWriter<int> writer = queue.AsChannelWriter();
        Coroutine<int> getter = Coroutine.Spawn(async () => await queue.GetAsync());
        Coroutine loop = Coroutine.Spawn(async () =>
        {
            await foreach (int item in queue)
                Assert.Fail($"There should be no {item}.");
        });
        await Coroutine.Yield();
        writer.Complete(new InvalidOperationException("the sensor is gone"));
        QueueShutdownException error = await Assert.ThrowsAsync<QueueShutdownException>(async () => await getter);
        Assert.Equal("the sensor is gone", error.InnerException!.Message);
        error = await Assert.ThrowsAsync<QueueShutdownException>(async () => await loop);
        Assert.Equal("the sensor is gone", error.InnerException!.Message);
    });

    [Fact]
    public void A_cancelled_channel_is_one_that_failed() => _run.Run(async () =>
    {
        AsyncQueue<int> queue = new();
        ChannelWriter<int> writer = queue.AsChannelWriter();
        writer.Complete(new OperationCanceledException("given up"));
        QueueShutdownException error = await Assert.ThrowsAsync<QueueShutdownException>(async () => await queue.GetAsync());
        Assert.IsAssignableFrom<OperationCanceledException>(error.InnerException);
    });

    [Fact]
    public void The_queues_end_is_told_to_the_writing_threads_even_while_nothing_is_written() => _run.Run(async () =>
    {
        AsyncQueue<int> queue = new(name: "fed");
        ChannelWriter<int> writer = queue.AsChannelWriter();
        await Coroutine.Yield();
        queue.Shutdown();
        Assert.False(writer.TryWrite(1));
        ChannelClosedException error = await Assert.ThrowsAsync<ChannelClosedException>(async () => await writer.WriteAsync(1));
        Assert.Equal("AsyncQueue 'fed' was shut down: nothing can be put into it any more.", error.InnerException!.Message);
        _run.Reports.Expect();
    });

    [Fact]
    public void The_runs_end_is_told_to_the_writing_threads()
    {
        ChannelWriter<int>? writer = null;
        _run.Run(async () =>
        {
            writer = new AsyncQueue<int>(name: "fed").AsChannelWriter();
            await Coroutine.Yield();
        });
        Assert.False(writer!.TryWrite(1));
        Exception error = Assert.Throws<QueueShutdownException>(() => writer.WaitToWriteAsync().AsTask().GetAwaiter().GetResult());
        Assert.Equal("The run that AsyncQueue 'fed' belongs to has ended.", error.Message);
        _run.Reports.Expect();
    }

    [Fact]
    public void A_pump_that_is_killed_has_lost_no_item_and_another_goes_on() => _run.Run(async () =>
    {
        var channel = Channel.CreateUnbounded<int>();
        for (int i = 0; i < 200; i++)
            Assert.True(channel.Writer.TryWrite(i));
        channel.Writer.Complete();
        AsyncQueue<int> queue = new(capacity: 1);
        List<int> got = [];
        Random random = new(1);
        while (!queue.IsShutdown || queue.Count > 0)
        {
            Coroutine pump = channel.Reader.PumpTo(queue);
            for (int turn = random.Next(6); turn > 0; turn--)
            {
                await Coroutine.Yield();
                if (random.Next(2) == 0 && queue.TryGet(out int item))
                    got.Add(item);
            }

            pump.Kill();
            await pump.JoinAsync();
        }

        Assert.Equal(Enumerable.Range(0, 200), got);
    });

    [Fact]
    public void A_pump_killed_while_it_waits_for_the_channel_ends_at_once_and_leaves_the_queue_open() => _run.Run(async () =>
    {
        var channel = Channel.CreateUnbounded<int>();
        AsyncQueue<int> queue = new();
        Coroutine pump = channel.Reader.PumpTo(queue);
        await Coroutine.Yield();
        await Coroutine.Yield();
        Assert.Equal(CoroutineState.Blocked, pump.State);
        await pump.KillAsync();
        Assert.Equal(CoroutineState.Killed, pump.State);
        Assert.False(queue.IsShutdown);
        Assert.Equal(TimeSpan.Zero, _run.Clock.Elapsed);
    });

    [Fact]
    public void The_handle_of_a_pump_ends_with_the_channel_and_with_the_queue() => _run.Run(async () =>
    {
        var channel = Channel.CreateUnbounded<int>();
        channel.Writer.TryWrite(1);
        channel.Writer.Complete();
        AsyncQueue<int> queue = new();
        await channel.Reader.PumpTo(queue);
        Assert.Equal(1, queue.GetNoWait());
        Assert.True(queue.IsShutdown);
        var open = Channel.CreateUnbounded<int>();
        open.Writer.TryWrite(1);
        await open.Reader.PumpTo(queue);
        // Nobody wanted it; it is still the channel's.
        Assert.True(open.Reader.TryRead(out _));
    });

    [Fact]
    public void Threads_are_fed_from_a_queue_and_its_shutdown_completes_the_channel() => CoroutineScheduler.Run(
        async () =>
        {
            AsyncQueue<int> queue = new(capacity: 3);
            ChannelReader<int> reader = queue.AsChannelReader();
            List<int>[] got = [[], []];
            Task[] readers = [.. got.Select(mine => OnAThread(async () =>
            {
                await foreach (int item in reader.ReadAllAsync().ConfigureAwait(false))
                    mine.Add(item);
            }))];
            for (int i = 0; i < 1000; i++)
                await queue.PutAsync(i);
            await queue.JoinAsync();
            queue.Shutdown();
            foreach (Task task in readers)
                await task;
            Assert.Equal(Enumerable.Range(0, 1000), got.SelectMany(mine => mine).Order());
            Assert.All(got, mine => Assert.Equal(mine.Order(), mine));
        },
        RealTime);

    [Fact]
    public void Slow_threads_fill_the_queue() => _run.Run(async () =>
    {
        AsyncQueue<int> queue = new(capacity: 2);
        ChannelReader<int> reader = queue.AsChannelReader();
        int put = 0;
        for (int i = 0; i < 100; i++)
        {
            put += queue.TryPut(put) ? 1 : 0;
            await Coroutine.Yield();
        }

        // Two in the queue, one in the channel.
        Assert.Equal(3, put);
        queue.Shutdown();
        for (int i = 0; i < 3; i++)
            Assert.Equal(i, await reader.ReadAsync());
        await reader.Completion;
    });

    [Fact]
    public void The_runs_end_is_told_to_the_reading_threads_and_what_was_left()
    {
        ChannelReader<int>? empty = null;
        ChannelReader<int>? left = null;
        _run.Run(async () =>
        {
            empty = new AsyncQueue<int>().AsChannelReader();
            AsyncQueue<int> queue = new(name: "out");
            left = queue.AsChannelReader();
            for (int i = 0; i < 3; i++)
                queue.PutNoWait(i);
            await Coroutine.Yield();
            await Coroutine.Yield();
        });
        Assert.True(empty!.Completion.IsCompletedSuccessfully);
        Assert.True(left!.TryRead(out int first));
        Assert.Equal(0, first);
        Assert.Equal("The run that AsyncQueue 'out' belongs to has ended, and 2 items are left in it.", left.Completion.Exception!.InnerException!.Message);
    }

    [Fact]
    public void An_error_passes_through_a_queue_from_thread_to_thread() => _run.Run(async () =>
    {
        AsyncQueue<int> queue = new();
        ChannelReader<int> reader = queue.AsChannelReader();
        ChannelWriter<int> writer = queue.AsChannelWriter();
        await writer.WriteAsync(1);
        writer.Complete(new InvalidOperationException("broken"));
        Assert.Equal(1, await reader.ReadAsync());
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => reader.Completion);
        Assert.Equal("broken", error.Message);
    });

    [Fact]
    public void Other_queues_of_single_items_have_the_bridges_too() => _run.Run(async () =>
    {
        Rendezvous<int> hand = new();
        ChannelWriter<int> writer = hand.AsChannelWriter();
        await writer.WriteAsync(1);
        Assert.Equal(1, await hand.GetAsync());
        AsyncLifoQueue<int> stack = new();
        stack.PutNoWait(1);
        stack.PutNoWait(2);
        Assert.Equal(2, await stack.AsChannelReader().ReadAsync());
    });

    [Fact]
    public void Bad_input_is_refused_at_once()
    {
        AsyncQueue<int> queue = new();
        Assert.Throws<InvalidOperationException>(() => queue.AsChannelReader());
        Assert.Throws<InvalidOperationException>(() => queue.AsChannelWriter());
        _run.Run(() =>
        {
            Assert.Throws<ArgumentNullException>(() => ((AsyncQueue<int>)null!).AsChannelReader());
            Assert.Throws<ArgumentNullException>(() => ((AsyncQueue<int>)null!).AsChannelWriter());
            Assert.Throws<ArgumentNullException>(() => Channel.CreateUnbounded<int>().Reader.PumpTo(null!));
            NotSupportedException error = Assert.Throws<NotSupportedException>(() => new Blind().PumpTo(queue));
            Assert.StartsWith("Blind can't be peeked into", error.Message, StringComparison.Ordinal);
            return Task.CompletedTask;
        });
    }

    private static Task OnAThread(Func<Task> code)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() =>
        {
            try
            {
                code().GetAwaiter().GetResult();
                done.SetResult();
            }
#pragma warning disable CA1031 // Whatever it is belongs to the test.
            catch (Exception e)
#pragma warning restore CA1031
            {
                done.SetException(e);
            }
        });
        thread.Start();
        return done.Task;
    }

    private sealed class Blind : ChannelReader<int>
    {
        public override bool TryRead(out int item)
        {
            item = 0;
            return false;
        }

        public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) => new(false);
    }
}
