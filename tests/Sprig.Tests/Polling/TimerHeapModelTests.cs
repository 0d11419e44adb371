using Sprig.Polling;
using Xunit;

namespace Sprig.Tests.Polling;

/// <summary>The heap does what a plain list, sorted anew each time, would do.</summary>
public class TimerHeapModelTests
{
    private const int Steps = 3000;
    private readonly TimerHeap _heap = new();
    private readonly List<ModelWaiter> _model = [];
    private readonly List<int> _fired = [];
    private readonly List<int> _expected = [];
    private int _nextArming;
    private int _nextId;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(20_240_229)]
    [InlineData(int.MaxValue)]
    public void Random_arming_removing_and_firing_is_as_with_a_sorted_list(int seed)
    {
        Random random = new(seed);
        long now = 0;
        for (int step = 0; step < Steps; step++)
        {
            int choice = random.Next(10);
            if (choice < 5)
                Arm(new ModelWaiter(this, _nextId++, rearm: random.Next(4) == 0 ? random.Next(1, 50) : 0), now + random.Next(-20, 60));
            else if (choice < 8 && _model.Count > 0)
                Remove(_model[random.Next(_model.Count)]);
            else
                Fire(now += random.Next(20));

            long next = _model.Count == 0 ? long.MaxValue : _model.Min(waiter => waiter.ModelDue);
            Assert.True(
                _model.Count == _heap.Count && next == _heap.NextDue && _fired.SequenceEqual(_expected),
                $"Seed {seed}, step {step}: {_heap.Count} armed, next due {_heap.NextDue}, the list says {_model.Count} and {next}; "
                    + $"fired {string.Join(' ', _fired.TakeLast(10))}, the list says {string.Join(' ', _expected.TakeLast(10))}.");
        }

        Assert.True(_fired.Count > Steps / 10, $"Seed {seed} fired next to nothing ({_fired.Count}): the test tests nothing.");
    }

    private void Arm(ModelWaiter waiter, long due)
    {
        waiter.ModelDue = due;
        waiter.Arming = _nextArming++;
        _model.Add(waiter);
        _heap.Add(waiter, due);
    }

    private void Remove(ModelWaiter waiter)
    {
        _model.Remove(waiter);
        _heap.Remove(waiter);
    }

    private void Fire(long now)
    {
        // What is armed before the call fires in order; what OnDue arms anew (later than now, here) is in the list for the next.
        ModelWaiter[] due = [.. _model.Where(waiter => waiter.ModelDue <= now).OrderBy(waiter => waiter.ModelDue).ThenBy(waiter => waiter.Arming)];
        _expected.AddRange(due.Select(waiter => waiter.Id));
        _model.RemoveAll(due.Contains);
        Now = now;
        _heap.FireDue(now);
    }

    private long Now { get; set; }

    private sealed class ModelWaiter(TimerHeapModelTests test, int id, int rearm) : Waiter
    {
        internal readonly int Id = id;
        internal long ModelDue;
        internal int Arming;

        internal override void OnDue()
        {
            test._fired.Add(Id);
            if (rearm > 0)
                test.Arm(this, test.Now + rearm);
        }
    }
}
