using Sprig.Scheduling;
using Sprig.Synchronization;
using Sprig.Tests.Scheduling;
using Xunit;

namespace Sprig.Tests.Synchronization;

/// <summary>Mailbox between schedulers, each on a thread of its own, by the machine's clock.</summary>
public class MailboxThreadsTests
{
    private static readonly SchedulerThreadOptions s_quiet = new() { Scheduler = new() { HandleSignals = false, ErrorOutput = TextWriter.Null } };

    [Fact]
    public void Two_schedulers_talk_to_each_other()
    {
        Mailbox<int> questions = new(capacity: 1);
        Mailbox<int> answers = new(capacity: 1);
        SchedulerThread server = Start(async () =>
        {
            await foreach (int question in questions)
                await answers.SendAsync(question * 2);
            answers.Complete();
        });
        List<int> got = [];
        SchedulerThread client = Start(async () =>
        {
            Coroutine asking = Coroutine.Spawn(async () =>
            {
                for (int i = 0; i < 500; i++)
                    await questions.SendAsync(i);
                questions.Complete();
            });
            await foreach (int answer in answers)
                got.Add(answer);
            await asking;
        });
        client.Join();
        server.Join();
        Assert.Equal(Enumerable.Range(0, 500).Select(i => i * 2), got);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(null)]
    public void Work_is_shared_by_many_loops_and_each_message_comes_once(int? capacity)
    {
        const int Messages = 8000;
        const int Workers = 4;
        Mailbox<int> box = new(capacity);
        int[][] done = new int[Workers][];
        SchedulerThread[] workers = [.. Enumerable.Range(0, Workers).Select(i => Start(async () =>
        {
            List<int> mine = [];
            await foreach (int message in box)
                mine.Add(message);
            done[i] = [.. mine];
        }))];
        SchedulerThread[] producers = [.. Enumerable.Range(0, 2).Select(half => Start(async () =>
        {
            for (int i = half; i < Messages; i += 2)
                await box.SendAsync(i);
        }))];
        Assert.All(producers, producer => producer.Join());
        box.Complete();
        Assert.All(workers, worker => worker.Join());
        Assert.Equal(Enumerable.Range(0, Messages), done.SelectMany(mine => mine).Order());
        // What comes from one sender comes to one receiver in its order.
        Assert.All(done, mine => Assert.Equal(mine.Where(message => message % 2 == 0), mine.Where(message => message % 2 == 0).Order()));
    }

    [Fact]
    public void Plain_threads_feed_a_loop_and_a_full_mailbox_tells_them()
    {
        Mailbox<int> box = new(capacity: 4);
        List<int> got = [];
        SchedulerThread loop = Start(async () =>
        {
            await foreach (int message in box)
                got.Add(message);
        });
        Thread[] threads = [.. Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 1000; i++)
                SpinWait.SpinUntil(() => box.TrySend(i));
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        box.Complete();
        loop.Join();
        Assert.Equal(Enumerable.Range(0, 3000).Select(i => i / 3), got.Order());
    }

    [Fact]
    public void Receivers_that_are_killed_or_out_of_time_all_the_while_lose_no_message()
    {
        const int Messages = 3000;
        const int Workers = 3;
        Mailbox<int> box = new(capacity: 8);
        int[][] done = new int[Workers][];
        SchedulerThread[] workers = [.. Enumerable.Range(0, Workers).Select(i => Start(async () =>
        {
            List<int> mine = [];
            Random random = new(i);
            while (!(box.IsCompleted && box.Count == 0))
            {
                Coroutine receiver = Coroutine.Spawn(() => Deadline.TryRunAsync(TimeSpan.FromTicks(random.Next(300)), async () => mine.Add(await box.ReceiveAsync())));
                for (int turn = random.Next(8); turn > 0; turn--)
                    await Coroutine.Yield();
                receiver.Kill();
                await receiver.JoinAsync();
                if (receiver.State == CoroutineState.Faulted)
                    Assert.IsType<QueueShutdownException>(receiver.Exception);
            }

            done[i] = [.. mine];
        }))];
        SchedulerThread producer = Start(async () =>
        {
            Random random = new(7);
            for (int i = 0; i < Messages;)
            {
                int next = i;
                Coroutine sender = Coroutine.Spawn(async () =>
                {
                    await box.SendAsync(next);
                    i++;
                });
                for (int turn = random.Next(4); turn > 0; turn--)
                    await Coroutine.Yield();
                sender.Kill();
                await sender.JoinAsync();
            }
        });
        producer.Join();
        box.Complete();
        Assert.All(workers, worker => worker.Join());
        Assert.Equal(Enumerable.Range(0, Messages), done.SelectMany(mine => mine).Order());
    }

    [Fact]
    public void A_run_that_ended_without_its_waiter_swallows_no_message()
    {
        Mailbox<int> box = new(name: "mail");
        VirtualRun run = new();
        for (int i = 0; i < 20; i++)
        {
            // A coroutine that never gives up is left behind at the run's end, waiting in the line.
            Assert.Throws<CoroutineKilledException>(() => run.Run(
                async () =>
                {
                    _ = Coroutine.Spawn(
                        async () =>
                        {
                            while (true)
                            {
                                try
                                {
                                    await box.ReceiveAsync();
                                }
                                catch (OperationCanceledException)
                                {
                                    // That is the point.
                                }
                            }
                        },
                        new SpawnOptions { Daemon = DaemonRule.UntilWorkEnds });
                    await Coroutine.Yield();
                    await Coroutine.Yield();
                    Coroutine.Current.Kill();
                    await Coroutine.Yield();
                },
                TimeSpan.FromSeconds(1)));
            box.TrySend(i);
            Assert.True(box.TryReceive(out int message));
            Assert.Equal(i, message);
        }
    }

    [Fact]
    public void A_message_on_its_way_to_a_daemon_that_the_runs_end_kills_comes_back()
    {
        Mailbox<int> box = new();
        new VirtualRun().Run(async () =>
        {
            Coroutine receiver = Coroutine.Spawn(async () => await box.ReceiveAsync(), new SpawnOptions { Daemon = DaemonRule.UntilWorkEnds });
            await Coroutine.Yield();
            Assert.Equal(CoroutineState.Blocked, receiver.State);
            box.TrySend(1);
        });
        Assert.True(box.TryReceive(out int message));
        Assert.Equal(1, message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_wait_that_nobody_awaits_any_more_when_its_run_has_ended_swallows_nothing(bool sentBeforeTheEnd)
    {
        Mailbox<int> box = new();
        new VirtualRun().Run(() =>
        {
            // The loser of a WhenAny, say.
            _ = box.ReceiveAsync().AsTask();
            if (sentBeforeTheEnd)
                box.TrySend(1);
            return Task.CompletedTask;
        });
        if (!sentBeforeTheEnd)
            box.TrySend(1);
        Assert.True(box.TryReceive(out int message));
        Assert.Equal(1, message);
    }

    private static SchedulerThread Start(Func<Task> main) => CoroutineScheduler.Start(main, s_quiet);
}
