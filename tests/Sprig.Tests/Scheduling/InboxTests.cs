using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>CoroutineScheduler.Post and the inbox behind it.</summary>
public class InboxTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void Posts_from_one_thread_run_in_their_order_on_the_loop_thread()
    {
        List<int> got = [];
        _run.Run(async () =>
        {
            int loop = Environment.CurrentManagedThreadId;
            CoroutineScheduler scheduler = CoroutineScheduler.Current;
            WaitQueue done = new("the posts");
            using (scheduler.ExpectPosts())
            {
                Thread thread = new(() =>
                {
                    for (int i = 0; i < 1000; i++)
                    {
                        int number = i;
                        scheduler.Post(() =>
                        {
                            Assert.Equal(loop, Environment.CurrentManagedThreadId);
                            got.Add(number);
                        });
                    }

                    scheduler.Post(() => done.WakeAll());
                });
                thread.Start();
                await done.WaitAsync();
                thread.Join();
            }
        });
        Assert.Equal(Enumerable.Range(0, 1000), got);
        _run.Reports.Expect();
    }

    [Fact]
    public void Many_threads_may_post_and_none_is_lost()
    {
        int count = 0;
        CoroutineScheduler.Run(
            async () =>
            {
                CoroutineScheduler scheduler = CoroutineScheduler.Current;
                WaitQueue done = new("the posts");
                Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
                {
                    for (int i = 0; i < 5000; i++)
                        scheduler.Post(() => done.WakeOne());
                    scheduler.Post(() => count++);
                }))];
                using IDisposable expectation = scheduler.ExpectPosts();
                foreach (Thread thread in threads)
                    thread.Start();
                while (count < threads.Length)
                    await done.WaitAsync(TimeSpan.FromSeconds(1));
            },
            new SchedulerOptions { HandleSignals = false });
        Assert.Equal(4, count);
    }

    [Fact]
    public void A_post_wakes_the_loop_from_its_sleep() => CoroutineScheduler.Run(
        async () =>
        {
            CoroutineScheduler scheduler = CoroutineScheduler.Current;
            WaitQueue queue = new("a post");
            // Nothing but the post can end this sleep of an hour.
            Thread thread = new(() => scheduler.Post(() => queue.WakeAll()));
            thread.Start();
            Assert.True(await queue.WaitAsync(TimeSpan.FromHours(1)));
            thread.Join();
        },
        new SchedulerOptions { HandleSignals = false });

    [Fact]
    public void A_post_from_the_loop_thread_is_never_run_inline()
    {
        _run.Run(async () =>
        {
            CoroutineScheduler.Current.Post(() => _run.Log.Add("post"));
            _run.Log.Add("posted");
            await Coroutine.Yield();
            await Coroutine.Yield();
        });
        _run.Log.Expect("posted", "post");
    }

    [Fact]
    public void A_post_that_throws_is_reported_and_stops_nothing()
    {
        _run.Run(async () =>
        {
            CoroutineScheduler.Current.Post(() => throw new InvalidOperationException("thrown by a post"));
            CoroutineScheduler.Current.Post(() => _run.Log.Add("next"));
            await Bodies.SleepFor(1);
        });
        _run.Log.Expect("next");
        _run.Reports.Expect("callback of nobody: thrown by a post");
    }

    [Fact]
    public void A_post_may_spawn_and_kill()
    {
        _run.Run(async () =>
        {
            Coroutine sleeper = Coroutine.Spawn(Bodies.SleepForEver);
            await Coroutine.Yield();
            CoroutineScheduler.Current.Post(() =>
            {
                sleeper.Kill();
                Coroutine.Spawn(() => Bodies.SleepFor(1)).AddDoneCallback(child => _run.At($"{child.State} {child.Daemon}"));
            });
            await sleeper.JoinAsync();
            _run.At($"{sleeper.State}");
        });
        _run.Log.Expect("0 Killed", "1 Completed NotDaemon");
    }

    [Fact]
    public void A_flood_of_posts_lets_the_coroutines_run_in_between() => _run.Run(async () =>
    {
        const int Flood = 10_000;
        int done = 0;
        for (int i = 0; i < Flood; i++)
            CoroutineScheduler.Current.Post(() => done++);
        await Coroutine.Yield();
        await Coroutine.Yield();
        Assert.InRange(done, 1, Flood - 1);
        for (int i = 0; i < Flood && done < Flood; i++)
            await Coroutine.Yield();
        Assert.Equal(Flood, done);
    });

    [Fact]
    public void After_the_end_posting_throws()
    {
        CoroutineScheduler? scheduler = null;
        _run.Run(() =>
        {
            scheduler = CoroutineScheduler.Current;
            return Task.CompletedTask;
        });
        Assert.Throws<InvalidOperationException>(() => scheduler!.Post(() => { }));
    }

    [Fact]
    public void An_expectation_disposed_after_the_end_is_no_error()
    {
        IDisposable? expectation = null;
        _run.Run(() =>
        {
            expectation = CoroutineScheduler.Current.ExpectPosts();
            return Task.CompletedTask;
        });
        expectation!.Dispose();
    }

    [Fact]
    public void A_post_that_is_taken_is_not_dropped() => _run.Run(async () =>
    {
        int ran = 0;
        CoroutineScheduler.Current.PostOrDrop(() => ran++, () => ran += 100);
        await Coroutine.Sleep(VirtualRun.Seconds(1));
        Assert.Equal(1, ran);
    });

    [Fact]
    public void A_post_that_nobody_takes_is_told_to_its_poster()
    {
        CoroutineScheduler ended = null!;
        using CountdownEvent dropped = new(2);
        int ran = 0;
        _run.Run(() =>
        {
            ended = CoroutineScheduler.Current;
            // Comes when the loop has ended and has not said so yet.
            ended.AtEnd = scheduler => scheduler.PostOrDrop(() => ran++, () => dropped.Signal());
            return Task.CompletedTask;
        });
        ended.PostOrDrop(() => ran++, () => dropped.Signal());
        Assert.True(dropped.Wait(TimeSpan.FromSeconds(30)));
        Assert.Equal(0, ran);
        Assert.Throws<ArgumentNullException>(() => ended.PostOrDrop(() => { }, null!));
    }
}
