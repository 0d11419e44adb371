using Conformance.Support;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Xunit;

namespace Conformance;

/// <summary>What holds for every wait of every primitive, in each of the ways in which a wait may end.</summary>
public class EveryWaitTests
{
    private readonly Scenario _scene = new();

    public static TheoryData<string> All => [.. WaitRigs.All.Select(rig => rig.Name)];

    public static TheoryData<string> WithTimeout => [.. WaitRigs.All.Where(rig => rig.Timed is not null).Select(rig => rig.Name)];

    public static TheoryData<string> WithToken => [.. WaitRigs.All.Where(rig => rig.HasToken).Select(rig => rig.Name)];

    public static TheoryData<string> Revocable => [.. WaitRigs.All.Where(rig => rig.IsRevocable).Select(rig => rig.Name)];

    public static TheoryData<string> OfFlows => [.. WaitRigs.All.Where(rig => !rig.IsOwned).Select(rig => rig.Name)];

    public static TheoryData<string> RevocableByToken
        => [.. WaitRigs.All.Where(rig => rig is { IsRevocable: true, HasToken: true }).Select(rig => rig.Name)];

    [Theory]
    [MemberData(nameof(All))]
    public void A_wait_goes_on_when_what_it_waits_for_has_come(string name) => Play(name, async rig =>
    {
        Coroutine a = _scene.Go("a", () => rig.Wait(default));
        await Scenario.Sleep(1);
        Assert.Equal(CoroutineState.Blocked, a.State);
        rig.Grant();
        Assert.Equal(CoroutineState.Ready, a.State);
        await a;
    }, "a");

    [Theory]
    [MemberData(nameof(WithTimeout))]
    public void A_timeout_that_is_not_needed_says_true(string name) => Play(name, async rig =>
    {
        Coroutine a = _scene.Go("a", () => rig.Timed!(Scenario.Seconds(2)));
        await Scenario.Sleep(1);
        rig.Grant();
        await a;
    }, "a True");

    [Theory]
    [MemberData(nameof(WithTimeout))]
    public void A_timeout_that_is_over_says_false_and_the_next_gets_what_comes_then(string name) => Play(name, async rig =>
    {
        Coroutine a = _scene.Go("a", () => rig.Timed!(Scenario.Seconds(1)));
        Coroutine b = _scene.Go("b", () => rig.Wait(default));
        await Scenario.Sleep(2);
        rig.Grant();
        await Coroutine.JoinAll(a, b);
    }, "a False", "b");

    [Theory]
    [MemberData(nameof(WithTimeout))]
    public void What_comes_in_the_tick_in_which_the_time_is_over_goes_to_the_next(string name) => Play(name, async rig =>
    {
        Coroutine a = _scene.Go("a", () => rig.Timed!(Scenario.Seconds(1)));
        Coroutine b = _scene.Go("b", () => rig.Wait(default));
        await Coroutine.Yield();
        // Its timer was set after a's, for the same moment.
        await Scenario.Sleep(1);
        rig.Grant();
        await Coroutine.JoinAll(a, b);
    }, "a False", "b");

    [Theory]
    [MemberData(nameof(WithTimeout))]
    public void A_timeout_that_is_over_when_the_grant_is_on_its_way_changes_nothing(string name) => Play(name, async rig =>
    {
        Coroutine a = _scene.Go("a", () => rig.Timed!(Scenario.Seconds(1)));
        await Coroutine.Yield();
        rig.Grant();
        _scene.Clock.Advance(Scenario.Seconds(2));
        await a;
    }, "a True");

    [Theory]
    [MemberData(nameof(All))]
    public void A_deadline_ends_the_wait_and_the_next_gets_what_comes_then(string name) => Play(name, async rig =>
    {
        Coroutine a = _scene.Go("a", () => Deadline.RunAsync(Scenario.Seconds(1), () => rig.Wait(default)));
        Coroutine b = _scene.Go("b", () => rig.Wait(default));
        await Scenario.Sleep(2);
        rig.Grant();
        await Coroutine.JoinAll(a, b);
    }, "a out of time", "b");

    [Theory]
    [MemberData(nameof(Revocable))]
    public void A_deadline_after_the_grant_and_before_the_waiter_runs_passes_the_grant_on(string name) => Play(name, async rig =>
    {
        Coroutine a = _scene.Go("a", () => Deadline.RunAsync(Scenario.Seconds(1), () => rig.Wait(default)));
        Coroutine b = _scene.Go("b", () => rig.Wait(default));
        await Coroutine.Yield();
        rig.Grant();
        _scene.Clock.Advance(Scenario.Seconds(2));
        await Coroutine.JoinAll(a, b);
    }, "a out of time", "b");

    [Theory]
    [MemberData(nameof(All))]
    public void A_kill_ends_the_wait_and_the_next_gets_what_comes_then(string name) => Play(name, async rig =>
    {
        Coroutine a = _scene.Go("a", () => rig.Wait(default));
        Coroutine b = _scene.Go("b", () => rig.Wait(default));
        await Coroutine.Yield();
        a.Kill();
        rig.Grant();
        await Coroutine.JoinAll(a, b);
        Assert.Equal(CoroutineState.Killed, a.State);
    }, "a killed", "b");

    [Theory]
    [MemberData(nameof(Revocable))]
    public void A_kill_after_the_grant_and_before_the_waiter_runs_passes_the_grant_on(string name) => Play(name, async rig =>
    {
        Coroutine a = _scene.Go("a", () => rig.Wait(default));
        Coroutine b = _scene.Go("b", () => rig.Wait(default));
        await Coroutine.Yield();
        rig.Grant();
        a.Kill();
        await Coroutine.JoinAll(a, b);
    }, "a killed", "b");

    [Theory]
    [MemberData(nameof(WithToken))]
    public void A_token_ends_the_wait_and_the_next_gets_what_comes_then(string name) => Play(name, async rig =>
    {
        using CancellationTokenSource source = new();
        Coroutine a = _scene.Go("a", () => rig.Wait(source.Token));
        Coroutine b = _scene.Go("b", () => rig.Wait(default));
        await Coroutine.Yield();
        source.Cancel();
        rig.Grant();
        await Coroutine.JoinAll(a, b);
    }, "a cancelled", "b");

    [Theory]
    [MemberData(nameof(RevocableByToken))]
    public void A_token_after_the_grant_and_before_the_waiter_runs_passes_the_grant_on(string name) => Play(name, async rig =>
    {
        using CancellationTokenSource source = new();
        Coroutine a = _scene.Go("a", () => rig.Wait(source.Token));
        Coroutine b = _scene.Go("b", () => rig.Wait(default));
        await Coroutine.Yield();
        rig.Grant();
        source.Cancel();
        await Coroutine.JoinAll(a, b);
    }, "a cancelled", "b");

    [Theory]
    [MemberData(nameof(WithToken))]
    public void A_token_that_is_cancelled_already_takes_nothing(string name) => Play(name, async rig =>
    {
        CancellationToken cancelled = new(canceled: true);
        await _scene.Go("a", () => rig.Wait(cancelled));
        Coroutine b = _scene.Go("b", () => rig.Wait(default));
        await Coroutine.Yield();
        rig.Grant();
        await b;
    }, "a cancelled", "b");

    [Theory]
    [MemberData(nameof(All))]
    public void A_straggler_waits_no_more_and_takes_nothing(string name) => Play(name, async rig =>
    {
        Coroutine a = _scene.Go("a", async () =>
        {
            try
            {
                await Coroutine.Sleep(Timeout.InfiniteTimeSpan);
            }
            finally
            {
                await rig.Wait(default);
            }
        });
        await Coroutine.Yield();
        a.Kill(Scenario.Seconds(1));
        Coroutine b = _scene.Go("b", () => rig.Wait(default));
        await Scenario.Sleep(2);
        _scene.Reports.Expect("straggler a");
        rig.Grant();
        await Coroutine.JoinAll(a, b);
    }, "a killed", "b");

    [Theory]
    [MemberData(nameof(All))]
    public void A_kill_that_is_due_is_delivered_though_there_is_nothing_to_wait_for(string name) => Play(name, async rig =>
    {
        rig.Grant();
        Coroutine a = _scene.Go("a", async () =>
        {
            Coroutine.Current.Kill();
            await rig.Wait(default);
        });
        await a.JoinAsync();
    }, "a killed");

    [Theory]
    [MemberData(nameof(All))]
    public void One_whose_budget_is_spent_waits_as_any_other_after_its_turn(string name) => Play(name, async rig =>
    {
        Coroutine a = _scene.Go("a", async () =>
        {
            await SpendBudgetAsync();
            await rig.Wait(default);
        });
        await Scenario.Sleep(1);
        rig.Grant();
        await a;
    }, "a");

    [Theory]
    [MemberData(nameof(All))]
    public void A_kill_during_such_a_turn_takes_nothing(string name) => Play(name, async rig =>
    {
        Coroutine a = _scene.Go("a", async () =>
        {
            await SpendBudgetAsync();
            await rig.Wait(default);
        });
        Coroutine b = _scene.Go("b", () => rig.Wait(default));
        await Coroutine.Yield();
        a.Kill();
        rig.Grant();
        await Coroutine.JoinAll(a, b);
    }, "a killed", "b");

    [Theory]
    [MemberData(nameof(WithTimeout))]
    public void A_timeout_that_is_over_during_such_a_turn_says_false_and_takes_nothing(string name) => Play(name, async rig =>
    {
        Coroutine a = _scene.Go("a", async () =>
        {
            await SpendBudgetAsync();
            return await rig.Timed!(Scenario.Seconds(1));
        });
        Coroutine b = _scene.Go("b", () => rig.Wait(default));
        await Coroutine.Yield();
        _scene.Clock.Advance(Scenario.Seconds(2));
        await Scenario.Sleep(1);
        rig.Grant();
        await Coroutine.JoinAll(a, b);
    }, "a False", "b");

    [Theory]
    [MemberData(nameof(OfFlows))]
    public void Two_flows_of_one_coroutine_are_both_ended_by_its_kill(string name) => Play(name, async rig =>
    {
        Coroutine a = _scene.Go("a", () => Task.WhenAll(rig.Wait(default), rig.Wait(default)));
        Coroutine b = _scene.Go("b", () => rig.Wait(default));
        await Coroutine.Yield();
        a.Kill();
        await Coroutine.Yield();
        rig.Grant();
        await Coroutine.JoinAll(a, b);
    }, "a killed", "b");

    [Theory]
    [MemberData(nameof(All))]
    public void A_clean_up_may_wait(string name) => Play(name, async rig =>
    {
        Coroutine a = _scene.Go("a", async () =>
        {
            try
            {
                await Coroutine.Sleep(Timeout.InfiniteTimeSpan);
            }
            finally
            {
                await rig.Wait(default);
                _scene.Log.Add("cleaned up");
            }
        });
        await Coroutine.Yield();
        a.Kill();
        await Scenario.Sleep(1);
        rig.Grant();
        await a.JoinAsync();
    }, "cleaned up", "a killed");

    [Theory]
    [MemberData(nameof(All))]
    public void One_that_leaves_in_the_middle_leaves_the_others_order_alone(string name) => Play(name, async rig =>
    {
        Coroutine[] waiters = [.. "abc".Select(letter => _scene.Go($"{letter}", () => rig.Wait(default)))];
        await Coroutine.Yield();
        waiters[1].Kill();
        await Coroutine.Yield();
        rig.Grant();
        await Scenario.Sleep(1);
        // What gives its grant back has been handed on already.
        if (waiters[2].IsAlive)
            rig.Grant();
        await Coroutine.JoinAll(waiters);
    }, "b killed", "a", "c");

    /// <summary>What completes at once counts; after so many of it the next takes a turn.</summary>
    private static async Task SpendBudgetAsync()
    {
        AsyncManualResetEvent open = new(isSet: true);
        for (int i = 0; i < 64; i++)
            await open.WaitAsync();
    }

    private void Play(string name, Func<WaitRig, Task> scene, params string[] expected)
    {
        WaitRig rig = WaitRigs.Find(name);
        _scene.Run(async () =>
        {
            rig.Prepare();
            await scene(rig);
            Assert.Equal(0, rig.Waiters());
        });
        if (expected.Length > 0)
            _scene.Log.Expect(expected);
    }
}
