using Conformance.Support;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Xunit;

namespace Conformance.Waiting;

public class BarrierTests
{
    private readonly Scenario _scene = new();
    private readonly AsyncBarrier _barrier = new(3, "the barrier");

    [Fact]
    public void Nobody_goes_on_before_all_have_come_and_each_gets_its_place()
    {
        _scene.Run(() => Coroutine.JoinAll(Comer("a", 1), Comer("b", 2), Comer("c", 3)));
        _scene.Log.Expect("3 c 2", "3 a 0", "3 b 1");
        Assert.Equal(1, _barrier.CurrentPhaseNumber);
    }

    [Fact]
    public void When_all_have_gone_on_the_next_phase_begins()
    {
        _scene.Run(() => Coroutine.JoinAll([.. "abc".Select(name => Coroutine.Spawn(async () =>
        {
            for (int phase = 0; phase < 3; phase++)
            {
                _scene.Log.Add($"{phase}");
                await _barrier.SignalAndWaitAsync();
            }
        }))]));
        _scene.Log.Expect("0", "0", "0", "1", "1", "1", "2", "2", "2");
        Assert.Equal(3, _barrier.ParticipantsRemaining);
    }

    [Fact]
    public void One_that_is_killed_while_it_waits_has_not_come()
    {
        _scene.Run(async () =>
        {
            Coroutine a = Comer("a", 0);
            Coroutine b = Comer("b", 0);
            await Scenario.Sleep(1);
            Assert.Equal(1, _barrier.ParticipantsRemaining);
            a.Kill();
            Assert.Equal(2, _barrier.ParticipantsRemaining);
            await Coroutine.JoinAll(b, Comer("c", 1), Comer("d", 2));
        });
        _scene.Log.Expect("a killed", "3 d 2", "3 b 0", "3 c 1");
    }

    [Fact]
    public void One_whose_deadline_passes_has_not_come()
    {
        _scene.Run(async () =>
        {
            await _scene.Go("a", () => Deadline.RunAsync(Scenario.Seconds(1), async () => await _barrier.SignalAndWaitAsync()));
            Assert.Equal(3, _barrier.ParticipantsRemaining);
        });
        _scene.Log.Expect("a out of time");
    }

    [Fact]
    public void One_that_is_killed_when_all_had_come_leaves_the_others_their_phase()
    {
        _scene.Run(async () =>
        {
            Coroutine a = Comer("a", 0);
            Coroutine b = Comer("b", 0);
            await Scenario.Sleep(1);
            Assert.Equal(2, await _barrier.SignalAndWaitAsync());
            a.Kill();
            await Coroutine.JoinAll(a, b);
        });
        Assert.Contains("1 b 1", _scene.Log.Events);
        Assert.Equal((1, 3), (_barrier.CurrentPhaseNumber, _barrier.ParticipantsRemaining));
    }

    [Fact]
    public void A_barrier_that_is_aborted_is_broken_for_those_that_wait_and_those_that_come_until_it_is_reset()
    {
        _scene.Run(async () =>
        {
            Coroutine a = Comer("a", 0);
            await Scenario.Sleep(1);
            _barrier.Abort();
            Assert.True(_barrier.IsBroken);
            await Coroutine.JoinAll(a, Comer("b", 0));
            _barrier.Reset();
            Assert.False(_barrier.IsBroken);
            await Coroutine.JoinAll(Comer("c", 0), Comer("d", 0), Comer("e", 0));
        });
        _scene.Log.Expect("a BarrierBrokenException", "b BarrierBrokenException", "1 e 2", "1 c 0", "1 d 1");
    }

    [Fact]
    public void Those_that_had_all_come_are_not_touched_by_an_abort_that_follows()
    {
        _scene.Run(async () =>
        {
            Coroutine[] comers = [Comer("a", 0), Comer("b", 0)];
            await Scenario.Sleep(1);
            await _barrier.SignalAndWaitAsync();
            _barrier.Abort();
            await Coroutine.JoinAll(comers);
        });
        _scene.Log.Expect("1 a 0", "1 b 1");
    }

    [Fact]
    public void A_barrier_for_one_never_waits() => _scene.Run(async () =>
    {
        AsyncBarrier alone = new(1);
        Assert.Equal(0, await alone.SignalAndWaitAsync());
        Assert.Equal(0, await alone.SignalAndWaitAsync());
        Assert.Equal(2, alone.CurrentPhaseNumber);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_barrier_for_nobody_is_an_error_at_once(int participants)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new AsyncBarrier(participants));

    private Coroutine Comer(string name, double after) => Coroutine.Spawn(async () =>
    {
        if (after > 0)
            await Scenario.Sleep(after);
        string outcome = await _scene.OutcomeOf(async () =>
        {
            int place = await _barrier.SignalAndWaitAsync();
            _scene.At($"{name} {place}");
            return "";
        });
        if (outcome.Length > 0)
            _scene.Log.Add($"{name} {outcome}");
    }, new SpawnOptions { Name = name });
}
