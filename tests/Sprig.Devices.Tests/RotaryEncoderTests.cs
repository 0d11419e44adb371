using Sprig.IO;
using Sprig.Scheduling;
using Xunit;
using static Sprig.Devices.Tests.DeviceRun;

namespace Sprig.Devices.Tests;

public class RotaryEncoderTests
{
    private const int A = 5;
    private const int B = 6;

    [Fact]
    public void It_counts_steps_both_ways_and_tells_them() => Run(async run =>
    {
        using RotaryEncoder encoder = new(run.Board, A, B);
        using IDisposable turned = encoder.Turned.Subscribe(step => run.At($"{step.Direction} {step.Position}"));
        await TurnAsync(run, 8);
        await TurnAsync(run, -12);
        await Coroutine.Sleep(Seconds(1));
        run.Expect("0.04 1 1", "0.08 1 2", "0.12 -1 1", "0.16 -1 0", "0.2 -1 -1");
        Assert.Equal((-1, 0), (encoder.Position, encoder.LostEdges));
    });

    [Theory]
    [InlineData(1, 12)]
    [InlineData(2, 6)]
    [InlineData(4, 3)]
    public void A_step_may_be_of_fewer_changes(int changes, int steps) => Run(async run =>
    {
        using RotaryEncoder encoder = new(run.Board, A, B, new RotaryEncoderOptions { ChangesPerStep = changes });
        await TurnAsync(run, 12);
        Assert.Equal(steps, encoder.Position);
        await TurnAsync(run, -12);
        Assert.Equal(0, encoder.Position);
    });

    [Fact]
    public void Bounces_add_up_to_nothing() => Run(async run =>
    {
        using RotaryEncoder encoder = new(run.Board, A, B);
        using IDisposable turned = encoder.Turned.Subscribe(step => run.At($"{step.Direction}"));
        Random random = new(1);
        int state = 0;
        for (int change = 0; change < 400; change++)
        {
            bool forward = change % 100 < 60;
            int next = state + (forward ? 1 : -1);
            // One contact at a time touches and lets go, an odd number of times.
            for (int bounces = random.Next(4) * 2 + 1; bounces > 0; bounces--)
            {
                (state, next) = (next, state);
                Set(run, state);
                if (random.Next(3) == 0)
                    await Coroutine.Sleep(Milliseconds(0.1));
            }

            await Coroutine.Sleep(Milliseconds(1));
        }

        await Coroutine.Sleep(Seconds(1));
        // 60 forward and 40 back each time: 15 steps and 10 steps.
        Assert.Equal(4 * (15 - 10), encoder.Position);
        Assert.Equal(0, encoder.LostEdges);
    });

    [Fact]
    public void A_knob_that_goes_back_before_its_click_has_not_turned() => Run(async run =>
    {
        using RotaryEncoder encoder = new(run.Board, A, B);
        using IDisposable turned = encoder.Turned.Subscribe(_ => run.At("turned"));
        await TurnAsync(run, 2);
        await TurnAsync(run, -2, from: 2);
        await TurnAsync(run, -1);
        await TurnAsync(run, 1, from: -1);
        run.Expect();
        Assert.Equal(0, encoder.Position);
    });

    [Fact]
    public void A_turn_while_the_loop_is_busy_is_told_from_the_order_of_the_edges() => Run(async run =>
    {
        using RotaryEncoder encoder = new(run.Board, A, B);
        await Coroutine.Sleep(Seconds(1));
        // All in one step: no level can be read in between.
        for (int i = 1; i <= 40; i++)
            Set(run, i);
        for (int i = 39; i >= 12; i--)
            Set(run, i);
        await Coroutine.Sleep(Seconds(1));
        Assert.Equal(3, encoder.Position);
    });

    [Fact]
    public void Lost_edges_cost_steps_but_do_not_shift_the_later_ones() => Run(async run =>
    {
        using RotaryEncoder encoder = new(run.Board, A, B);
        await Coroutine.Sleep(Seconds(1));
        for (int i = 1; i <= 403; i++)
            Set(run, i);
        await Coroutine.Sleep(Seconds(1));
        Assert.True(encoder.LostEdges > 0);
        using IDisposable turned = encoder.Turned.Subscribe(step => run.At($"{step.Direction}"));
        await TurnAsync(run, 5, from: 403);
        run.Expect("2.01 1", "2.05 1");
    });

    [Fact]
    public void It_stops_at_its_ends() => Run(async run =>
    {
        using RotaryEncoder encoder = new(run.Board, A, B, new RotaryEncoderOptions { Minimum = 0, Maximum = 2 });
        using IDisposable turned = encoder.Turned.Subscribe(step => run.At($"{step.Direction} {step.Position}"));
        await TurnAsync(run, 12);
        await TurnAsync(run, -16);
        run.Expect("0.04 1 1", "0.08 1 2", "0.12 1 2", "0.16 -1 1", "0.2 -1 0", "0.24 -1 0", "0.28 -1 0");
        Assert.Throws<ArgumentOutOfRangeException>(() => encoder.Position = 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => encoder.Position = -1);
        encoder.Position = 2;
        Assert.Equal(2, encoder.Position);
    });

    [Fact]
    public void It_wraps_around_if_it_is_to() => Run(async run =>
    {
        using RotaryEncoder encoder = new(run.Board, A, B, new RotaryEncoderOptions { Minimum = 1, Maximum = 3, Wrap = true });
        Assert.Equal(1, encoder.Position);
        await TurnAsync(run, -4);
        Assert.Equal(3, encoder.Position);
        await TurnAsync(run, 8);
        Assert.Equal(2, encoder.Position);
    });

    [Fact]
    public void Its_values_begin_with_the_present_one_and_can_be_followed() => Run(async run =>
    {
        using RotaryEncoder encoder = new(run.Board, A, B, new RotaryEncoderOptions { Minimum = 0, Maximum = 4 });
        using LedBar bar = new(run.Board, 10, 11, 12, 13);
        encoder.Position = 1;
        Coroutine follow = Coroutine.Spawn(() => bar.FollowAsync(encoder.Values().Select(position => position / 4.0)));
        await Coroutine.Yield();
        await Coroutine.Yield();
        Assert.Equal(0.25, bar.Value);
        await TurnAsync(run, 8);
        Assert.Equal(0.75, bar.Value);
        encoder.Dispose();
        await follow;
    });

    [Fact]
    public void A_wait_for_a_turn_ends_by_a_turn_a_deadline_and_a_kill() => Run(async run =>
    {
        using RotaryEncoder encoder = new(run.Board, A, B);
        Coroutine<RotaryStep> waiter = Coroutine.Spawn(() => encoder.Turned.NextAsync());
        Coroutine<RotaryStep> victim = Coroutine.Spawn(() => encoder.Turned.NextAsync());
        await Coroutine.Yield();
        victim.Kill();
        await TurnAsync(run, 4);
        Assert.Equal(1, (await waiter).Position);
        Assert.Equal(CoroutineState.Killed, victim.State);
        Assert.False(await Deadline.TryRunAsync(Seconds(1), () => encoder.Turned.NextAsync().AsTask()));
        Assert.Equal(0, encoder.Turned.ListenerCount);
    });

    [Fact]
    public void Bad_input_is_told_and_holds_no_line() => Run(run =>
    {
        Assert.Throws<ArgumentException>(() => new RotaryEncoder(run.Board, A, A));
        Assert.Throws<ArgumentException>(() => new RotaryEncoder(run.Board, A, B, new RotaryEncoderOptions { ChangesPerStep = 3 }));
        Assert.Throws<ArgumentException>(() => new RotaryEncoder(run.Board, A, B, new RotaryEncoderOptions { Minimum = 2, Maximum = 1 }));
        Assert.Throws<ArgumentException>(() => new RotaryEncoder(run.Board, A, B, new RotaryEncoderOptions { Maximum = 1, Wrap = true }));
        Assert.Throws<ArgumentNullException>(() => new RotaryEncoder(null!));
        Assert.Throws<ArgumentNullException>(() => new RotaryEncoder(null!, 1, 2));
        using GpioLineGroup blind = run.Board.OpenLines([1, 2]);
        using GpioLineGroup one = run.Board.OpenLines([3], new GpioLineSettings { Edges = GpioEdges.Both });
        Assert.Throws<ArgumentException>(() => new RotaryEncoder(blind));
        Assert.Throws<ArgumentException>(() => new RotaryEncoder(one));
        Assert.Throws<IOException>(() => new RotaryEncoder(run.Board, A, 1));
        Assert.Equal(3, run.Board.HeldLines);
        return Task.CompletedTask;
    });

    /// <summary>So many changes of a contact, 10 ms each, from a place in the cycle.</summary>
    private static async Task TurnAsync(DeviceRun run, int changes, int from = 0)
    {
        for (int i = 1; i <= Math.Abs(changes); i++)
        {
            await Coroutine.Sleep(Milliseconds(10));
            Set(run, from + i * Math.Sign(changes));
        }

        // For the decoder, and for who listens to it.
        for (int i = 0; i < 10; i++)
            await Coroutine.Yield();
    }

    /// <summary>Contacts to ground: closed, they are low.</summary>
    private static void Set(DeviceRun run, int place)
    {
        int inCycle = place & 3;
        run.Board.Drive(A, inCycle is 0 or 3);
        run.Board.Drive(B, inCycle is 0 or 1);
    }
}
