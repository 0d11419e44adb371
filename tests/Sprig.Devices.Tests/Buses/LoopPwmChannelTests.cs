using System.Globalization;
using Sprig.Devices.Buses;
using Sprig.IO;
using Sprig.Scheduling;
using Sprig.Testing;
using Xunit;

namespace Sprig.Devices.Tests.Buses;

/// <summary>LoopPwmChannel, to the nanosecond of virtual time.</summary>
public class LoopPwmChannelTests
{
    private const int Line = 18;
    private readonly TestClock _clock = new();
    private readonly SimulatedBoard _board = new();

    [Fact]
    public void Edges_come_at_exact_times_and_do_not_drift() => Run(async () =>
    {
        using LoopPwmChannel pwm = Open(frequency: 300, dutyCycle: 0.25);
        pwm.Start();
        await Coroutine.Sleep(TimeSpan.FromSeconds(20.0005));
        List<long> edges = Edges();
        Assert.Equal(300 * 20 * 2 + 1, edges.Count);
        long period = 0;
        // A third of a millisecond has no end in nanoseconds: the twentieth second begins to the nanosecond all the same.
        foreach (long[] pulse in edges.Chunk(2))
        {
            long begin = period / 300 * 1_000_000_000 + period % 300 * 1_000_000_000 / 300;
            Assert.Equal(begin, pulse[0]);
            if (pulse.Length == 2)
                Assert.InRange(pulse[1] - begin, 833_332, 833_334);
            period++;
        }

        Assert.Equal(new PwmLateness(12_001, default, default, 0), pwm.Lateness);
    });

    [Fact]
    public void Low_or_high_throughout_has_no_edges_and_no_timers() => Run(async () =>
    {
        using LoopPwmChannel pwm = Open(frequency: 100, dutyCycle: 0);
        pwm.Start();
        await Coroutine.Sleep(TimeSpan.FromSeconds(10));
        Assert.Empty(_board.ChangesOf(Line));
        pwm.DutyCycle = 1;
        await Coroutine.Sleep(TimeSpan.FromSeconds(10));
        Expect("10 up");
        pwm.DutyCycle = 0;
        await Coroutine.Sleep(TimeSpan.FromSeconds(1));
        Expect("10 up", "20 down");
        Assert.Equal(0, pwm.Lateness.Edges);
    });

    [Fact]
    public void A_change_takes_effect_at_the_next_period_without_a_glitch() => Run(async () =>
    {
        using LoopPwmChannel pwm = Open(frequency: 10, dutyCycle: 0.5);
        pwm.Start();
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(10));
        pwm.DutyCycle = 0.2;
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(140));
        pwm.Frequency = 5;
        pwm.DutyCycle = 0.75;
        Assert.Equal((5, 0.75), (pwm.Frequency, pwm.DutyCycle));
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(100));
        pwm.DutyCycle = 1;
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(500));
        pwm.DutyCycle = 0.5;
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(150));
        Expect("0 up", "0.05 down", "0.1 up", "0.12 down", "0.2 up", "0.35 down", "0.4 up", "0.85 down");
    });

    [Fact]
    public void Stop_drives_the_safe_level_at_once_and_start_begins_a_new_period() => Run(async () =>
    {
        using LoopPwmChannel pwm = Open(frequency: 1, dutyCycle: 0.5);
        pwm.Start();
        pwm.Start();
        await Coroutine.Sleep(TimeSpan.FromSeconds(0.25));
        Assert.True(pwm.IsRunning);
        pwm.Stop();
        Assert.False(_board[Line]);
        Assert.False(pwm.IsRunning);
        pwm.Stop();
        pwm.Start();
        await Coroutine.Sleep(TimeSpan.FromSeconds(0.25));
        pwm.Stop();
        pwm.Start();
        await Coroutine.Sleep(TimeSpan.FromSeconds(0.75));
        Expect("0 up", "0.25 down", "0.25 up", "0.5 down", "0.5 up", "1 down");
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void At_its_end_and_at_the_runs_end_the_line_has_its_safe_level(bool safe)
    {
        LoopPwmChannel? left = null;
        Run(async () =>
        {
            LoopPwmChannel pwm = Open(frequency: 1, dutyCycle: 0.5, safe);
            Assert.Equal(safe, _board[Line]);
            pwm.Start();
            await Coroutine.Sleep(TimeSpan.FromSeconds(safe ? 0.75 : 0.25));
            Assert.Equal(!safe, _board[Line]);
            pwm.Dispose();
            pwm.Dispose();
            Assert.Equal(safe, _board[Line]);
            Assert.Equal(0, _board.HeldLines);
            Assert.Throws<ObjectDisposedException>(() => pwm.DutyCycle = 1);
            Assert.Throws<ObjectDisposedException>(pwm.Start);
            left = Open(frequency: 1, dutyCycle: 0.5, safe);
            left.Start();
            await Coroutine.Sleep(TimeSpan.FromSeconds(safe ? 0.75 : 0.25));
            Assert.Equal(!safe, _board[Line]);
        });
        Assert.Equal(safe, _board[Line]);
        left!.Dispose();
        Assert.Equal(0, _board.HeldLines);
    }

    [Fact]
    public void On_an_output_without_a_safe_level_its_end_ends_the_pulse() => Run(async () =>
    {
        LoopPwmChannel pwm = new(_board.OpenOutput(Line, new GpioOutputOptions { SafeLevel = null }), frequency: 1, dutyCycle: 0.5);
        pwm.Start();
        await Coroutine.Sleep(TimeSpan.FromSeconds(0.25));
        Assert.True(_board[Line]);
        pwm.Dispose();
        Assert.False(_board[Line]);
    });

    [Fact]
    public void Its_end_throws_nothing_though_the_chip_is_gone() => Run(async () =>
    {
        LoopPwmChannel pwm = Open(frequency: 1, dutyCycle: 0.5);
        pwm.Start();
        await Coroutine.Sleep(TimeSpan.FromSeconds(0.25));
        _board.Remove();
        pwm.Dispose();
        Assert.Equal(0, _board.HeldLines);
    });

    [Fact]
    public void A_start_in_the_last_step_of_the_run_leaves_the_line_alone()
    {
        Run(() =>
        {
            Open(frequency: 1, dutyCycle: 1).Start();
            return Task.CompletedTask;
        });
        Assert.False(_board[Line]);
    }

    [Fact]
    public void A_loop_that_comes_late_is_counted_and_the_phase_is_kept() => Run(async () =>
    {
        using LoopPwmChannel pwm = Open(frequency: 10, dutyCycle: 0.5);
        pwm.Start();
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(40));
        // Somebody stops the loop for 300 ms.
        _clock.Advance(TimeSpan.FromMilliseconds(300));
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(100));
        Expect("0 up", "0.34 down", "0.34 up", "0.35 down", "0.4 up");
        Assert.Equal((5, TimeSpan.FromMilliseconds(290), 2), (pwm.Lateness.Edges, pwm.Lateness.Max, pwm.Lateness.SkippedPeriods));
        Assert.Equal(TimeSpan.FromMilliseconds((290 + 40) / 5.0), pwm.Lateness.Mean);
        pwm.ResetLateness();
        Assert.Equal(default, pwm.Lateness);
    });

    [Fact]
    public void Another_thread_may_change_start_and_stop_it() => BusRun.Run(async () =>
    {
        using Lane lane = new("binding");
        using LoopPwmChannel pwm = Open(frequency: 10, dutyCycle: 0.5);
        await lane.RunAsync(() =>
        {
            pwm.DutyCycle = 0;
            pwm.Start();
            pwm.DutyCycle = 1;
            Assert.Equal(1, pwm.DutyCycle);
        });
        await Coroutine.Yield();
        await Coroutine.Yield();
        Assert.True(_board[Line]);
        await lane.RunAsync(pwm.Stop);
        Assert.False(_board[Line]);
    });

    [Fact]
    public void Bad_input_is_refused_and_changes_nothing() => Run(() =>
    {
        GpioOutput output = _board.OpenOutput(Line);
        Assert.Contains("HardwarePwmChannel", Assert.Throws<ArgumentOutOfRangeException>(() => new LoopPwmChannel(output, 1001)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LoopPwmChannel(output, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LoopPwmChannel(output, 100, double.NaN));
        Assert.Throws<ArgumentNullException>(() => new LoopPwmChannel(null!));
        Assert.False(output.IsDisposed);
        using LoopPwmChannel pwm = new(output, 1000, 0.25);
        Assert.Throws<ArgumentOutOfRangeException>(() => pwm.DutyCycle = 1.01);
        Assert.Throws<ArgumentOutOfRangeException>(() => pwm.DutyCycle = -0.01);
        Assert.Throws<ArgumentOutOfRangeException>(() => pwm.Frequency = 1001);
        Assert.Equal((1000, 0.25), (pwm.Frequency, pwm.DutyCycle));
        return Task.CompletedTask;
    });

    [Fact]
    public void Edges_allocate_nothing() => Run(async () =>
    {
        using SimulatedBoard forgetful = new(keepChanges: 10);
        GpioOutput output = forgetful.OpenOutput(Line);
        Write(output, 100);
        // The board itself allocates, as hardware does not.
        long before = GC.GetAllocatedBytesForCurrentThread();
        Write(output, 10_000);
        long ofBoard = GC.GetAllocatedBytesForCurrentThread() - before;
        using LoopPwmChannel pwm = new(output, 1000, 0.25);
        pwm.Start();
        await Coroutine.Sleep(TimeSpan.FromSeconds(1.0005));
        before = GC.GetAllocatedBytesForCurrentThread();
        await Coroutine.Sleep(TimeSpan.FromSeconds(5));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before - ofBoard, -10_000, 10_000);
        Assert.InRange(pwm.Lateness.Edges, 12_000, 12_010);
    });

    [Fact]
    public void Without_a_scheduler_it_cannot_be_made()
    {
        using GpioOutput output = _board.OpenOutput(Line);
        Assert.Throws<InvalidOperationException>(() => new LoopPwmChannel(output));
        Assert.False(output.IsDisposed);
    }

    private LoopPwmChannel Open(int frequency, double dutyCycle, bool safe = false)
        => new(_board.OpenOutput(Line, new GpioOutputOptions { SafeLevel = safe, InitialLevel = safe }), frequency, dutyCycle);

    private void Run(Func<Task> main) => CoroutineScheduler.Run(main, new SchedulerOptions { Clock = _clock });

    private static void Write(GpioOutput output, int times)
    {
        for (int i = 0; i < times; i++)
            output.Write(i % 2 == 0);
    }

    private List<long> Edges()
    {
        PinChange[] changes = [.. _board.ChangesOf(Line)];
        return [.. changes.Select(change => change.Time.Nanoseconds - changes[0].Time.Nanoseconds)];
    }

    private void Expect(params string[] expected)
        => Assert.Equal(expected, _board.ChangesOf(Line).Select(change => string.Create(
            CultureInfo.InvariantCulture, $"{(_clock.Elapsed - (_clock.Now - change.Time)).TotalSeconds} {(change.Level ? "up" : "down")}")));
}
