using Sprig.Scheduling;
using Sprig.Synchronization;
using Sprig.Tests.Scheduling;
using Xunit;

namespace Sprig.Tests.Synchronization;

/// <summary>Mailbox within one scheduler, in virtual time: its contract under kill, deadline and completion.</summary>
public class MailboxTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void Messages_come_in_the_order_they_were_sent() => _run.Run(async () =>
    {
        Mailbox<int> box = new();
        for (int i = 0; i < 100; i++)
            Assert.True(box.TrySend(i));
        Assert.Equal(100, box.Count);
        for (int i = 0; i < 100; i++)
            Assert.Equal(i, await box.ReceiveAsync());
        Assert.False(box.TryReceive(out _));
    });

    [Fact]
    public void Receivers_are_served_in_the_order_they_came_and_a_newcomer_does_not_overtake()
    {
        _run.Run(async () =>
        {
            Mailbox<string> box = new();
            Coroutine[] receivers = [.. Enumerable.Range(0, 3).Select(i => Coroutine.Spawn(async () => _run.Log.Add($"{i} {await box.ReceiveAsync()}")))];
            await Coroutine.Yield();
            box.TrySend("a");
            box.TrySend("b");
            // Both are on their way.
            Assert.False(box.TryReceive(out _));
            box.TrySend("c");
            await Coroutine.JoinAll(receivers);
        });
        _run.Log.Expect("0 a", "1 b", "2 c");
    }

    [Fact]
    public void A_full_mailbox_makes_senders_wait_and_serves_them_in_their_order()
    {
        _run.Run(async () =>
        {
            Mailbox<int> box = new(capacity: 1);
            Coroutine[] senders = [.. Enumerable.Range(0, 3).Select(i => Coroutine.Spawn(async () =>
            {
                await box.SendAsync(i);
                _run.At($"sent {i}");
            }))];
            for (int i = 0; i < 3; i++)
            {
                await Bodies.SleepFor(1);
                Assert.False(box.TrySend(9));
                _run.At($"received {await box.ReceiveAsync()}");
            }

            await Coroutine.JoinAll(senders);
            Assert.Equal(0, box.Count);
        });
        _run.Log.Expect("0 sent 0", "1 received 0", "1 sent 1", "2 received 1", "2 sent 2", "3 received 2");
    }

    [Fact]
    public void A_deadline_ends_a_receive_that_has_taken_nothing() => _run.Run(async () =>
    {
        Mailbox<int> box = new();
        DeadlineExceededException error = await Assert.ThrowsAsync<DeadlineExceededException>(
            () => Deadline.RunAsync(VirtualRun.Seconds(1), async () => await box.ReceiveAsync()));
        Assert.Equal(VirtualRun.Seconds(1), error.Deadline.Length);
        Assert.Equal(VirtualRun.Seconds(1), _run.Clock.Elapsed);
        box.TrySend(1);
        Assert.Equal(1, await box.ReceiveAsync());
    });

    [Fact]
    public void The_outer_of_two_deadlines_may_be_the_first_to_pass() => _run.Run(async () =>
    {
        Mailbox<int> box = new();
        bool inTime = await Deadline.TryRunAsync(VirtualRun.Seconds(1), () => Deadline.RunAsync(VirtualRun.Seconds(5), async () => await box.ReceiveAsync()));
        Assert.False(inTime);
        Assert.Equal(VirtualRun.Seconds(1), _run.Clock.Elapsed);
    });

    [Fact]
    public void A_deadline_ends_a_send_that_has_sent_nothing() => _run.Run(async () =>
    {
        Mailbox<int> box = new(capacity: 1);
        await box.SendAsync(1);
        Assert.False(await Deadline.TryRunAsync(VirtualRun.Seconds(1), async () => await box.SendAsync(2)));
        Assert.Equal(1, await box.ReceiveAsync());
        Assert.False(box.TryReceive(out _));
        await box.SendAsync(3);
        Assert.Equal(3, await box.ReceiveAsync());
    });

    [Fact]
    public void A_receiver_killed_before_its_message_came_leaves_the_line() => _run.Run(async () =>
    {
        Mailbox<int> box = new();
        Coroutine<int> first = Receiver(box);
        Coroutine<int> second = Receiver(box);
        await Coroutine.Yield();
        Assert.Equal($"a message of {box}", first.BlockedOn);
        await first.KillAsync();
        box.TrySend(1);
        Assert.Equal(1, await second);
        Assert.Equal(CoroutineState.Killed, first.State);
    });

    [Fact]
    public void A_receiver_killed_when_its_message_has_come_and_before_it_ran_passes_it_on() => _run.Run(async () =>
    {
        Mailbox<int> box = new();
        Coroutine<int> first = Receiver(box);
        Coroutine<int> second = Receiver(box);
        await Coroutine.Yield();
        box.TrySend(1);
        KillWhenReady(first);
        Assert.Equal(1, await second);
        Assert.Equal(CoroutineState.Killed, first.State);
        Assert.Equal(0, box.Count);
    });

    [Fact]
    public void A_receiver_killed_while_its_message_is_on_its_way_leaves_it_to_the_next_who_comes() => _run.Run(async () =>
    {
        Mailbox<int> box = new();
        Coroutine<int> first = Receiver(box);
        await Coroutine.Yield();
        box.TrySend(1);
        first.Kill();
        Assert.Equal(1, await box.ReceiveAsync());
        Assert.Equal(CoroutineState.Killed, first.State);
    });

    [Fact]
    public void A_sender_killed_before_there_was_room_has_sent_nothing() => _run.Run(async () =>
    {
        Mailbox<int> box = new(capacity: 1);
        await box.SendAsync(0);
        Coroutine first = Coroutine.Spawn(async () => await box.SendAsync(1));
        Coroutine second = Coroutine.Spawn(async () => await box.SendAsync(2));
        await Coroutine.Yield();
        Assert.Equal($"room in {box}", first.BlockedOn);
        await first.KillAsync();
        Assert.Equal(0, await box.ReceiveAsync());
        Assert.Equal(2, await box.ReceiveAsync());
        await second;
    });

    [Fact]
    public void A_sender_killed_when_there_was_room_and_before_it_ran_has_sent_nothing_and_gives_the_room_on() => _run.Run(async () =>
    {
        Mailbox<int> box = new(capacity: 1);
        await box.SendAsync(0);
        Coroutine first = Coroutine.Spawn(async () => await box.SendAsync(1));
        Coroutine second = Coroutine.Spawn(async () => await box.SendAsync(2));
        await Coroutine.Yield();
        Assert.Equal(0, await box.ReceiveAsync());
        KillWhenReady(first);
        Assert.Equal(2, await box.ReceiveAsync());
        await second;
        Assert.Equal(CoroutineState.Killed, first.State);
        Assert.Equal(0, box.Count);
        Assert.True(box.TrySend(3));
        Assert.False(box.TrySend(4));
    });

    [Fact]
    public void A_message_and_the_deadline_in_one_tick_and_nothing_is_lost() => _run.Run(async () =>
    {
        for (int i = 0; i < 20; i++)
        {
            Mailbox<int> box = new();
            int got = 0;
            Coroutine receiver = Coroutine.Spawn(() => Deadline.TryRunAsync(VirtualRun.Seconds(1), async () => got += await box.ReceiveAsync()));
            Coroutine sender = Coroutine.SpawnAfter(VirtualRun.Seconds(1), () => Task.FromResult(box.TrySend(1)));
            await Coroutine.JoinAll(receiver, sender);
            await Coroutine.Yield();
            await Coroutine.Yield();
            Assert.Equal(1, got + (box.TryReceive(out int left) ? left : 0));
        }
    });

    [Fact]
    public void A_token_ends_the_waits_from_any_thread() => _run.Run(async () =>
    {
        Mailbox<int> box = new(capacity: 1);
        using CancellationTokenSource source = new();
        Coroutine<int> receiver = Coroutine.Spawn(async () => await box.ReceiveAsync(source.Token));
        await Coroutine.Yield();
        Thread canceller = new(source.Cancel);
        canceller.Start();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await receiver);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await box.SendAsync(1, source.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await box.ReceiveAsync(source.Token));
        Assert.Equal(0, box.Count);
        canceller.Join();
    });

    [Fact]
    public void Completed_it_gives_out_what_is_left_and_then_throws() => _run.Run(async () =>
    {
        Mailbox<int> box = new(name: "mail");
        box.TrySend(1);
        box.TrySend(2);
        box.Complete();
        box.Complete();
        Assert.True(box.IsCompleted);
        Assert.Throws<QueueShutdownException>(() => box.TrySend(3));
        Assert.Throws<QueueShutdownException>(() => { _ = box.SendAsync(3); });
        Assert.Equal(1, await box.ReceiveAsync());
        Assert.True(box.TryReceive(out int last));
        Assert.Equal(2, last);
        QueueShutdownException error = await Assert.ThrowsAsync<QueueShutdownException>(async () => await box.ReceiveAsync());
        Assert.Equal("Mailbox 'mail' was completed: there is nothing in it any more, and nothing will come.", error.Message);
        Assert.False(box.TryReceive(out _));
    });

    [Fact]
    public void Completing_wakes_all_that_wait_on_both_sides() => _run.Run(async () =>
    {
        Mailbox<int> empty = new();
        Mailbox<int> full = new(capacity: 1);
        full.TrySend(0);
        Coroutine[] waiting =
        [
            Receiver(empty),
            Receiver(empty),
            Coroutine.Spawn(async () => await full.SendAsync(1)),
            Coroutine.Spawn(async () => await full.SendAsync(2)),
        ];
        await Coroutine.Yield();
        empty.Complete();
        full.Complete();
        foreach (Coroutine one in waiting)
            await Assert.ThrowsAsync<QueueShutdownException>(async () => await one);
        Assert.Equal(0, await full.ReceiveAsync());
    });

    [Fact]
    public void A_loop_over_it_ends_when_it_is_completed_and_empty()
    {
        _run.Run(async () =>
        {
            Mailbox<int> box = new(capacity: 2);
            Coroutine reader = Coroutine.Spawn(async () =>
            {
                await foreach (int message in box)
                    _run.Log.Add($"{message}");
                _run.Log.Add("end");
            });
            for (int i = 0; i < 5; i++)
                await box.SendAsync(i);
            box.Complete();
            await reader;
        });
        _run.Log.Expect("0", "1", "2", "3", "4", "end");
    }

    [Fact]
    public void A_message_that_comes_back_from_one_killed_is_not_missed_by_who_came_after_the_completion() => _run.Run(async () =>
    {
        Mailbox<int> box = new();
        Coroutine<int> first = Receiver(box);
        await Coroutine.Yield();
        box.TrySend(1);
        box.Complete();
        // It comes while the only message is on its way to the first, which will not take it.
        Coroutine<int> second = Receiver(box);
        KillWhenReady(first);
        Assert.Equal(1, await second);
        await Assert.ThrowsAsync<QueueShutdownException>(async () => await box.ReceiveAsync());
    });

    [Fact]
    public void Waiting_for_another_thread_is_no_deadlock() => CoroutineScheduler.Run(
        async () =>
        {
            Mailbox<int> box = new();
            Coroutine<int> receiver = Receiver(box);
            // Real time, so short that only a deadlock that was called at once would come first.
            Assert.False(await receiver.JoinAsync(TimeSpan.FromMilliseconds(5)));
            Thread thread = new(() => box.TrySend(1));
            thread.Start();
            Assert.Equal(1, await receiver);
            thread.Join();
        },
        _run.Options with { Clock = null, HandleSignals = false, DeadlockPatience = TimeSpan.Zero });

    [Fact]
    public void Sends_and_receives_that_complete_at_once_let_others_run() => _run.Run(async () =>
    {
        Mailbox<int> box = new();
        int turns = 0;
        Coroutine other = Coroutine.Spawn(async () =>
        {
            while (true)
            {
                await Coroutine.Yield();
                turns++;
            }
        });
        for (int i = 0; i < 1000; i++)
        {
            await box.SendAsync(i);
            Assert.Equal(i, await box.ReceiveAsync());
        }

        Assert.InRange(turns, 10, 1000);
        await other.KillAsync();
    });

    [Fact]
    public void Bad_input_is_refused_at_once()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Mailbox<int>(-1));
        Assert.Null(new Mailbox<int>(0).Capacity);
        Assert.Equal(3, new Mailbox<int>(3).Capacity);
        Mailbox<int> box = new(name: "mail");
        Assert.Equal("mail", box.Name);
        Assert.StartsWith("MailboxTests.cs:", new Mailbox<int>().Name, StringComparison.Ordinal);
        InvalidOperationException receive = Assert.Throws<InvalidOperationException>(() => { _ = box.ReceiveAsync(); });
        Assert.Contains("use TryReceive", receive.Message, StringComparison.Ordinal);
        InvalidOperationException send = Assert.Throws<InvalidOperationException>(() => { _ = box.SendAsync(1); });
        Assert.Contains("use TrySend", send.Message, StringComparison.Ordinal);
    }

    private static Coroutine<int> Receiver(Mailbox<int> box) => Coroutine.Spawn(async () => await box.ReceiveAsync());

    /// <summary>Behind what is in the inbox already: when that has made it ready.</summary>
    private static void KillWhenReady(Coroutine coroutine) => CoroutineScheduler.Current.Post(() =>
    {
        Assert.Equal(CoroutineState.Ready, coroutine.State);
        coroutine.Kill();
    });
}
