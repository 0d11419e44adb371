using Sprig.IO;
using Sprig.Scheduling;
using Sprig.Testing;
using Sprig.Tests.Scheduling;
using Xunit;

namespace Sprig.Tests.IO;

/// <summary>An output gets its safe level however the run that opened it ends.</summary>
public class HeldLinesTests
{
    private readonly SimulatedBoard _board = new();
    private readonly VirtualRun _run = new();

    [Fact]
    public void What_a_run_leaves_open_ends_with_it()
    {
        GpioOutput? led = null;
        GpioInput? button = null;
        _run.Run(() =>
        {
            led = _board.OpenOutput(1, new GpioOutputOptions { InitialLevel = true });
            button = _board.OpenInput(2);
            _board.OpenLines([3, 4], new GpioLineSettings { Direction = GpioDirection.Output, SafeLevel = true });
            return Task.CompletedTask;
        });
        AssertSafe();
        Assert.Equal((true, true), (_board[3], _board[4]));
        Assert.Throws<ObjectDisposedException>(() => led!.Write(true));
        Assert.Throws<ObjectDisposedException>(() => button!.Read());
    }

    [Fact]
    public void A_run_that_fails_leaves_nothing_on()
    {
        Assert.Throws<InvalidOperationException>(() => _run.Run(() =>
        {
            TurnOn();
            throw new InvalidOperationException("broken");
        }));
        AssertSafe();
    }

    [Fact]
    public void A_run_whose_main_is_killed_leaves_nothing_on()
    {
        Assert.Throws<CoroutineKilledException>(() => _run.Run(async () =>
        {
            TurnOn();
            Coroutine main = Coroutine.Current;
            Bodies.ActAfter(1, () => main.Kill());
            await Bodies.SleepForEver();
        }));
        AssertSafe();
    }

    [Fact]
    public void A_run_that_deadlocks_leaves_nothing_on()
    {
        Assert.Throws<DeadlockException>(() => _run.Run(async () =>
        {
            TurnOn();
            await new WaitQueue("what never comes").WaitAsync();
        }));
        AssertSafe();
    }

    [Fact]
    public void A_coroutine_that_will_not_end_is_gone_without_and_its_output_is_off()
    {
        _run.Run(
            async () =>
            {
                TurnOn();
                _ = Coroutine.Spawn(Bodies.NeverGiveUp, new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
                await Coroutine.Yield();
            },
            grace: VirtualRun.Seconds(1));
        AssertSafe();
    }

    [Fact]
    public void A_run_on_a_thread_of_its_own_ends_its_own_lines_and_no_others()
    {
        using GpioOutput outside = _board.OpenOutput(7, new GpioOutputOptions { InitialLevel = true });
        IoLoop.Run(async () =>
        {
            GpioOutput mine = _board.OpenOutput(8, new GpioOutputOptions { InitialLevel = true });
            SchedulerThread other = CoroutineScheduler.Start(() =>
            {
                TurnOn();
                return Task.CompletedTask;
            });
            await other.JoinAsync();
            Assert.False(_board[1]);
            Assert.True(mine.Level);
            Assert.True(_board[8]);
        });
        Assert.False(_board[8]);
        Assert.True(_board[7]);
    }

    [Fact]
    public void A_killed_scheduler_thread_leaves_nothing_on() => IoLoop.Run(async () =>
    {
        SchedulerThread other = CoroutineScheduler.Start(async () =>
        {
            TurnOn();
            await Bodies.SleepForEver();
        });
        while (!_board[1])
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
        other.Kill();
        await IoLoop.Throws<CoroutineKilledException>(async () => await other.JoinAsync());
        AssertSafe();
    });

    [Fact]
    public void What_was_opened_outside_of_a_run_outlives_it()
    {
        using GpioOutput led = _board.OpenOutput(1);
        _run.Run(() =>
        {
            led.Write(true);
            return Task.CompletedTask;
        });
        Assert.True(_board[1]);
        led.Toggle();
        Assert.False(_board[1]);
    }

    [Fact]
    public void The_last_opened_is_the_first_to_end()
    {
        List<int> order = [];
        _run.Run(() =>
        {
            for (int line = 1; line <= 3; line++)
                _board.OpenOutput(line, new GpioOutputOptions { InitialLevel = true });
            _board.Changed += change => order.Add(change.Line);
            return Task.CompletedTask;
        });
        Assert.Equal([3, 2, 1], order);
    }

    [Fact]
    public void A_chip_that_is_gone_keeps_the_others_from_nothing()
    {
        using SimulatedBoard gone = new();
        _run.Run(() =>
        {
            TurnOn();
            gone.OpenOutput(5);
            gone.Remove();
            return Task.CompletedTask;
        });
        AssertSafe();
    }

    [Fact]
    public void One_that_ends_badly_keeps_the_others_from_nothing_and_is_reported()
    {
        _run.Run(() =>
        {
            TurnOn();
            _board.OpenOutput(2, new GpioOutputOptions { InitialLevel = true });
            _board.Changed += change =>
            {
                if (change.Line == 2)
                    throw new InvalidOperationException("broken handler");
            };
            return Task.CompletedTask;
        });
        AssertSafe();
        _run.Reports.Expect("callback of nobody: broken handler");
    }

    private void TurnOn() => _board.OpenOutput(1, new GpioOutputOptions { InitialLevel = true });

    private void AssertSafe()
    {
        Assert.False(_board[1]);
        Assert.Equal(0, _board.HeldLines);
    }
}
