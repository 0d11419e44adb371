using Sprig.Polling;
using Sprig.Tests.Support;
using Xunit;

namespace Sprig.Tests.Polling;

public class TimerHeapTests
{
    private readonly TimerHeap _heap = new();
    private readonly List<string> _trace = [];

    [Fact]
    public void An_empty_heap_has_no_next_deadline_and_fires_nothing()
    {
        Assert.Equal(long.MaxValue, _heap.NextDue);
        Assert.Equal(0, _heap.FireDue(long.MaxValue));
    }

    [Fact]
    public void Deadlines_fire_earliest_first()
    {
        foreach (long due in new[] { 50, 20, 40, 10, 30 })
            Arm($"{due}", due);
        Assert.Equal(10, _heap.NextDue);
        Assert.Equal(5, _heap.FireDue(50));
        Assert.Equal(["10 due", "20 due", "30 due", "40 due", "50 due"], _trace);
        Assert.Equal(0, _heap.Count);
    }

    [Fact]
    public void Equal_deadlines_fire_in_the_order_of_arming()
    {
        // More than a node has children, so that the order survives sifting.
        for (int i = 0; i < 100; i++)
            Arm($"{i}", 7);
        _heap.FireDue(7);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i} due"), _trace);
    }

    [Fact]
    public void One_armed_anew_stands_behind_its_equals()
    {
        RecordingWaiter first = Arm("first", 7);
        Arm("second", 7);
        _heap.Remove(first);
        _heap.Add(first, 7);
        _heap.FireDue(7);
        Assert.Equal(["second due", "first due"], _trace);
    }

    [Fact]
    public void What_is_not_due_yet_stays()
    {
        Arm("early", 10);
        RecordingWaiter late = Arm("late", 11);
        Assert.Equal(1, _heap.FireDue(10));
        Assert.Equal(["early due"], _trace);
        Assert.True(late.IsTimed);
        Assert.Equal(11, _heap.NextDue);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(37)]
    [InlineData(49)]
    public void One_taken_out_of_the_middle_leaves_the_others_order_alone(int removed)
    {
        RecordingWaiter[] waiters = [.. Enumerable.Range(0, 50).Select(i => Arm($"{i * 7 % 50}", i * 7 % 50))];
        _heap.Remove(waiters[removed]);
        Assert.False(waiters[removed].IsTimed);
        _heap.FireDue(long.MaxValue);
        int gone = removed * 7 % 50;
        Assert.Equal(Enumerable.Range(0, 50).Where(i => i != gone).Select(i => $"{i} due"), _trace);
    }

    [Fact]
    public void Removing_one_that_is_not_armed_does_nothing()
    {
        RecordingWaiter waiter = Arm("it", 1);
        _heap.Remove(waiter);
        _heap.Remove(waiter);
        Assert.Equal(0, _heap.Count);
    }

    [Fact]
    public void Arming_one_that_is_armed_is_an_error_and_changes_nothing()
    {
        RecordingWaiter waiter = Arm("it", 10);
        Assert.Throws<InvalidOperationException>(() => _heap.Add(waiter, 5));
        Assert.Equal(10, _heap.NextDue);
        Assert.Equal(1, _heap.Count);
    }

    [Fact]
    public void A_waiter_is_let_go_before_it_is_called()
    {
        RecordingWaiter waiter = Arm("it", 1);
        bool timed = true;
        waiter.Then = it => timed = it.IsTimed;
        _heap.FireDue(1);
        Assert.False(timed);
    }

    [Fact]
    public void One_that_arms_itself_again_in_OnDue_waits_for_the_next_call_however_early_it_is_due()
    {
        RecordingWaiter waiter = Arm("it", 10);
        waiter.Then = it => _heap.Add(it, 0);
        Assert.Equal(1, _heap.FireDue(100));
        Assert.True(_heap.NextDue <= 100);
        Assert.Equal(1, _heap.FireDue(100));
        Assert.Equal(["it due", "it due"], _trace);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(100)]
    public void One_that_arms_itself_again_in_OnDue_does_not_hold_back_others_that_are_due(long again)
    {
        RecordingWaiter busy = Arm("busy", 10);
        busy.Then = it => _heap.Add(it, again);
        Arm("other", 20);
        Arm("last", 100);
        Assert.Equal(3, _heap.FireDue(100));
        Assert.Equal(["busy due", "other due", "last due"], _trace);
        Assert.True(busy.IsTimed);
    }

    [Fact]
    public void One_that_OnDue_takes_out_is_not_called_though_it_is_due()
    {
        RecordingWaiter first = Arm("first", 1);
        RecordingWaiter second = Arm("second", 2);
        first.Then = _ => _heap.Remove(second);
        Assert.Equal(1, _heap.FireDue(2));
        Assert.Equal(["first due"], _trace);
    }

    [Fact]
    public void An_OnDue_that_throws_loses_no_other_deadline()
    {
        RecordingWaiter first = Arm("first", 1);
        first.Then = _ => throw new InvalidOperationException("on purpose");
        Arm("second", 2);
        Assert.Throws<InvalidOperationException>(() => _heap.FireDue(2));
        Arm("third", 0);
        _heap.FireDue(2);
        Assert.Equal(["first due", "third due", "second due"], _trace);
    }

    [Fact]
    public void Neither_arming_nor_removing_nor_firing_allocates_in_steady_state()
    {
        QuietWaiter[] waiters = [.. Enumerable.Range(0, 1000).Select(_ => new QuietWaiter())];
        Churn(waiters);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < 20; round++)
            Churn(waiters);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void Churn(QuietWaiter[] waiters)
    {
        for (int i = 0; i < waiters.Length; i++)
            _heap.Add(waiters[i], i * 7919 % 1000);
        for (int i = 0; i < waiters.Length; i += 3)
            _heap.Remove(waiters[i]);
        _heap.FireDue(500);
        _heap.FireDue(1000);
    }

    private RecordingWaiter Arm(string name, long due)
    {
        RecordingWaiter waiter = new(name, _trace);
        _heap.Add(waiter, due);
        return waiter;
    }

    private sealed class QuietWaiter : Waiter
    {
        internal override void OnDue()
        {
        }
    }
}
