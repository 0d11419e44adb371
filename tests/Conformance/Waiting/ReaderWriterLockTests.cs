using Conformance.Support;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Xunit;

namespace Conformance.Waiting;

public class ReaderWriterLockTests
{
    private readonly Scenario _scene = new();
    private readonly AsyncReaderWriterLock _lock = new("the lock");

    [Fact]
    public void Many_read_at_once_and_one_writes_alone()
    {
        _scene.Run(() => Coroutine.JoinAll(Reader("a"), Reader("b"), Writer("w"), Writer("x")));
        _scene.Log.Expect("0 a reads", "0 b reads", "1 w writes", "2 x writes");
    }

    [Fact]
    public void A_reader_that_comes_behind_a_waiting_writer_waits_too()
    {
        _scene.Run(() => Coroutine.JoinAll(Reader("a"), Writer("w"), Reader("b"), Reader("c"), Writer("x"), Reader("d")));
        _scene.Log.Expect("0 a reads", "1 w writes", "2 b reads", "2 c reads", "3 x writes", "4 d reads");
    }

    [Fact]
    public void A_try_to_read_does_not_overtake_a_waiting_writer() => _scene.Run(async () =>
    {
        Coroutine reader = Reader("a");
        Coroutine writer = Writer("w");
        await Coroutine.Yield();
        Assert.False(_lock.TryAcquireRead());
        Assert.False(_lock.TryAcquireWrite());
        await Coroutine.JoinAll(reader, writer);
        Assert.True(_lock.TryAcquireRead());
        Assert.Equal(1, _lock.ReaderCount);
        _lock.ReleaseRead();
    });

    [Fact]
    public void A_writer_that_is_killed_while_readers_wait_behind_it_lets_them_go_on()
    {
        _scene.Run(async () =>
        {
            Coroutine a = Reader("a");
            Coroutine writer = Writer("w");
            Coroutine b = Reader("b");
            await Coroutine.Yield();
            writer.Kill();
            await Coroutine.JoinAll(a, b, writer);
        });
        _scene.Log.Expect("0 a reads", "0 b reads", "w killed");
    }

    [Fact]
    public void A_writer_whose_time_is_over_lets_the_readers_behind_it_go_on()
    {
        _scene.Run(async () =>
        {
            await _lock.AcquireReadAsync();
            _ = _scene.Go("w", async () => await _lock.TryAcquireWriteAsync(Scenario.Seconds(0.5)));
            Coroutine b = Reader("b");
            await Scenario.Sleep(1);
            _lock.ReleaseRead();
            await b;
        });
        _scene.Log.Expect("0.5 b reads", "w False");
    }

    [Fact]
    public void A_writer_that_was_granted_and_is_killed_before_it_runs_passes_it_to_all_readers_behind_it()
    {
        _scene.Run(async () =>
        {
            await _lock.AcquireWriteAsync();
            Coroutine writer = Writer("w");
            Coroutine[] readers = [Reader("a"), Reader("b")];
            await Coroutine.Yield();
            _lock.ReleaseWrite();
            Assert.True(_lock.IsWriteHeld);
            writer.Kill();
            Assert.Equal(2, _lock.ReaderCount);
            await Coroutine.JoinAll(readers);
        });
        _scene.Log.Expect("w killed", "0 a reads", "0 b reads");
    }

    [Fact]
    public void A_reader_that_was_granted_and_is_killed_before_it_runs_gives_its_part_back()
    {
        _scene.Run(async () =>
        {
            await _lock.AcquireWriteAsync();
            Coroutine a = Reader("a");
            Coroutine b = Reader("b");
            Coroutine writer = Writer("w");
            await Coroutine.Yield();
            _lock.ReleaseWrite();
            a.Kill();
            Assert.Equal(1, _lock.ReaderCount);
            await Coroutine.JoinAll(b, writer);
        });
        _scene.Log.Expect("a killed", "0 b reads", "1 w writes");
    }

    [Fact]
    public void A_reader_that_wants_to_write_is_a_deadlock_at_once() => _scene.Run(async () =>
    {
        using (await _lock.AcquireReadAsync())
        {
            DeadlockException error = await Assert.ThrowsAsync<DeadlockException>(async () => await _lock.AcquireWriteAsync());
            Assert.Contains("'main'", error.Message, StringComparison.Ordinal);
            Assert.Equal(1, _lock.ReaderCount);
        }
    });

    [Fact]
    public void A_writer_that_wants_it_again_is_a_deadlock_at_once_whichever_way() => _scene.Run(async () =>
    {
        using (await _lock.AcquireWriteAsync())
        {
            await Assert.ThrowsAsync<DeadlockException>(async () => await _lock.AcquireWriteAsync());
            await Assert.ThrowsAsync<DeadlockException>(async () => await _lock.AcquireReadAsync());
            Assert.True(_lock.IsWriteHeld);
        }

        Assert.False(_lock.IsWriteHeld);
    });

    [Fact]
    public void A_reader_may_read_again_though_a_writer_waits()
    {
        _scene.Run(async () =>
        {
            Coroutine writer;
            using (await _lock.AcquireReadAsync())
            {
                writer = Writer("w");
                await Coroutine.Yield();
                using (await _lock.AcquireReadAsync())
                    Assert.Equal(1, _lock.ReaderCount);
                Assert.Equal(1, _lock.Statistics.Waiters);
            }

            await writer;
        });
        _scene.Log.Expect("0 w writes");
    }

    [Fact]
    public void A_release_of_what_is_not_held_is_an_error_that_names_the_lock() => _scene.Run(async () =>
    {
        Assert.Contains("'the lock'", Assert.Throws<SynchronizationLockException>(_lock.ReleaseRead).Message, StringComparison.Ordinal);
        using (await _lock.AcquireReadAsync())
            Assert.Throws<SynchronizationLockException>(_lock.ReleaseWrite);
        using (await _lock.AcquireWriteAsync())
        {
            Assert.Throws<SynchronizationLockException>(_lock.ReleaseRead);
            await _scene.Go("stranger", () =>
            {
                _lock.ReleaseWrite();
                return Task.CompletedTask;
            });
        }

        _scene.Log.Expect("stranger SynchronizationLockException");
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nobody_gets_it_when_one_has_ended_holding_it(bool isWrite)
    {
        _scene.Run(async () =>
        {
            Coroutine sloppy = Coroutine.Spawn(async () =>
            {
                await (isWrite ? _lock.AcquireWriteAsync() : _lock.AcquireReadAsync());
                await Scenario.Sleep(1);
            });
            await Coroutine.Yield();
            Coroutine[] waiters = [Writer("w"), Writer("x"), Reader("a"), Reader("b")];
            await Assert.ThrowsAsync<AbandonedLockException>(async () => await sloppy);
            await Coroutine.JoinAll(waiters);
            await Reader("late");
        });
        _scene.Log.Expect([.. "wxab".Select(name => $"{name} AbandonedLockException"), "late AbandonedLockException"]);
    }

    [Fact]
    public void Readers_that_are_in_go_on_when_another_has_ended_reading()
    {
        _scene.Run(async () =>
        {
            Coroutine good = Reader("good");
            Coroutine sloppy = Coroutine.Spawn(async () => await _lock.AcquireReadAsync());
            Coroutine writer = Writer("w");
            await Coroutine.JoinAll(good, sloppy, writer);
            Assert.IsType<AbandonedLockException>(sloppy.Exception);
            Assert.Equal(0, _lock.ReaderCount);
        });
        _scene.Log.Expect("0 good reads", "w AbandonedLockException");
    }

    [Fact]
    public void A_flow_that_was_left_behind_and_is_granted_it_as_its_coroutine_ends_gives_it_to_the_next()
    {
        _scene.Run(async () =>
        {
            await _lock.AcquireWriteAsync();
            Coroutine careless = Coroutine.Spawn(async () =>
            {
                _ = _lock.AcquireWriteAsync().AsTask();
                await Coroutine.Yield();
                await Coroutine.Yield();
            });
            await Coroutine.Yield();
            Coroutine next = Writer("next");
            await Coroutine.Yield();
            _lock.ReleaseWrite();
            await Coroutine.JoinAll(careless, next);
            Assert.Equal(CoroutineState.Completed, careless.State);
        });
        _scene.Log.Expect("0 next writes");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_flow_that_its_coroutine_left_behind_can_hold_nothing(bool isWrite) => _scene.Run(async () =>
    {
        Task? flow = null;
        await _scene.Go("a", () =>
        {
            flow = LeftBehindAsync();
            return Task.CompletedTask;
        });
        await Scenario.Sleep(2);
        Assert.Equal((0, false), (_lock.ReaderCount, _lock.IsWriteHeld));
        Assert.Contains("can't hold", (await Assert.ThrowsAsync<InvalidOperationException>(() => flow!)).Message, StringComparison.Ordinal);
        for (int i = 0; i < 3; i++)
            (await (i % 2 == 0 ? _lock.AcquireWriteAsync() : _lock.AcquireReadAsync())).Dispose();

        async Task LeftBehindAsync()
        {
            await Scenario.Sleep(1);
            await (isWrite ? _lock.AcquireWriteAsync() : _lock.AcquireReadAsync());
        }
    });

    private Coroutine Reader(string name) => Holder(name, isWrite: false);

    private Coroutine Writer(string name) => Holder(name, isWrite: true);

    private Coroutine Holder(string name, bool isWrite) => Coroutine.Spawn(async () =>
    {
        string outcome = await _scene.OutcomeOf(async () =>
        {
            using (await (isWrite ? _lock.AcquireWriteAsync() : _lock.AcquireReadAsync()))
            {
                _scene.At($"{name} {(isWrite ? "writes" : "reads")}");
                await Scenario.Sleep(1);
            }

            return "";
        });
        if (outcome.Length > 0)
            _scene.Log.Add($"{name} {outcome}");
    }, new SpawnOptions { Name = name });
}
