using Sprig.IO;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Testing.Tests;

public class SimulatedBoardTests
{
    [Fact]
    public void It_records_each_change_of_level_with_its_time() => Run(async (board, clock) =>
    {
        MonotonicTime start = clock.Now;
        using (GpioOutput led = board.OpenOutput(17))
        {
            for (int i = 0; i < 3; i++)
            {
                await Coroutine.Sleep(TimeSpan.FromSeconds(1));
                led.Toggle();
                led.Write(led.Level);
            }

            await Coroutine.Sleep(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(
            [(1.0, 17, true), (2.0, 17, false), (3.0, 17, true), (4.0, 17, false)],
            board.Changes.Select(change => ((change.Time - start).TotalSeconds, change.Line, change.Level)));
    });

    [Fact]
    public void Changes_are_told_as_they_happen() => Run((board, _) =>
    {
        List<PinChange> told = [];
        board.Changed += told.Add;
        using GpioOutput one = board.OpenOutput(1), two = board.OpenOutput(2);
        one.Write(true);
        two.Write(true);
        one.Write(false);
        Assert.Equal(board.Changes, told);
        Assert.Equal([true, false], board.ChangesOf(1).Select(change => change.Level));
        Assert.Equal([true], board.ChangesOf(2).Select(change => change.Level));
        return Task.CompletedTask;
    });

    [Fact]
    public void Only_so_many_changes_are_kept_the_newest()
    {
        SimulatedBoard board = new(keepChanges: 3);
        for (int i = 0; i < 10; i++)
            board.Drive(i, true);
        Assert.Equal([7, 8, 9], board.Changes.Select(change => change.Line));
        SimulatedBoard forgetful = new(keepChanges: 0);
        forgetful.Drive(1, true);
        Assert.Empty(forgetful.Changes);
        Assert.True(forgetful[1]);
    }

    [Fact]
    public void A_line_that_is_held_is_an_error_that_names_its_holder()
    {
        SimulatedBoard board = new();
        using GpioOutput led = board.OpenOutput(5, new GpioOutputOptions { Consumer = "blinker" });
        Assert.Equal(
            "line 5 of the simulated board is held by 'blinker'; end that program (if it is this one: give the line back first), or choose another line.",
            Assert.Throws<IOException>(() => board.OpenInput(5)).Message);
        Assert.Throws<IOException>(() => board.OpenOutput(5));
        Assert.Equal(1, board.HeldLines);
    }

    [Fact]
    public void Dispose_gives_a_line_back()
    {
        SimulatedBoard board = new();
        board.OpenOutput(5).Dispose();
        board.OpenInput(5).Dispose();
        Assert.Equal(0, board.HeldLines);
        using GpioOutput again = board.OpenOutput(5);
        Assert.Equal(1, board.HeldLines);
    }

    [Fact]
    public void Lines_are_described_without_being_held()
    {
        SimulatedBoard board = new(lineCount: 8);
        Assert.Equal(("simulated", "simulated board", 8), (board.Name, board.Label, board.LineCount));
        Assert.Equal(new GpioLineInfo(3, "GPIO3", "", false, false), board.GetLineInfo(3));
        using GpioOutput output = board.OpenOutput(3, new GpioOutputOptions { Consumer = "me" });
        using GpioInput input = board.OpenInput(4);
        Assert.Equal(new GpioLineInfo(3, "GPIO3", "me", true, true), board.GetLineInfo(3));
        Assert.Equal(new GpioLineInfo(4, "GPIO4", "sprig", true, false) { Edges = GpioEdges.Both }, board.GetLineInfo(4));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(28)]
    public void A_line_that_it_has_not_is_a_mistake_of_the_caller(int line)
    {
        SimulatedBoard board = new();
        Assert.Throws<ArgumentOutOfRangeException>(() => board.OpenOutput(line));
        Assert.Throws<ArgumentOutOfRangeException>(() => board.OpenInput(line));
        Assert.Throws<ArgumentOutOfRangeException>(() => board.GetLineInfo(line));
        Assert.Throws<ArgumentOutOfRangeException>(() => board.Drive(line, true));
        Assert.Throws<ArgumentOutOfRangeException>(() => board[line]);
        Assert.Equal(0, board.HeldLines);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_safe_level_is_driven_when_an_output_ends(bool safe)
    {
        SimulatedBoard board = new();
        GpioOutput output = board.OpenOutput(1, new GpioOutputOptions { InitialLevel = !safe, SafeLevel = safe });
        Assert.Equal(!safe, board[1]);
        output.Dispose();
        Assert.Equal(safe, board[1]);
    }

    [Fact]
    public void An_output_that_is_active_low_drives_the_other_level() => Run((board, _) =>
    {
        GpioOutput led = board.OpenOutput(1, new GpioOutputOptions { ActiveLow = true });
        Assert.True(board[1]);
        led.Write(true);
        Assert.False(board[1]);
        Assert.True(led.Level);
        led.Dispose();
        Assert.True(board[1]);
        return Task.CompletedTask;
    });

    [Fact]
    public void An_output_keeps_its_level_against_the_outside_until_it_is_given_back()
    {
        SimulatedBoard board = new();
        GpioOutput output = board.OpenOutput(1, new GpioOutputOptions { SafeLevel = false });
        board.Drive(1, true);
        Assert.False(board[1]);
        output.Dispose();
        Assert.True(board[1]);
    }

    [Fact]
    public void A_killed_coroutine_leaves_its_pin_in_the_safe_state() => Run(async (board, _) =>
    {
        Coroutine heater = Coroutine.Spawn(async () =>
        {
            using GpioOutput pin = board.OpenOutput(1);
            pin.Write(true);
            await Coroutine.Sleep(TimeSpan.FromHours(1));
        });
        await Coroutine.Sleep(TimeSpan.FromSeconds(1));
        Assert.True(board[1]);
        await heater.KillAsync();
        Assert.False(board[1]);
        Assert.Equal(0, board.HeldLines);
    });

    [Fact]
    public void A_board_needs_lines_and_a_memory()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SimulatedBoard(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SimulatedBoard(1, -1));
        using SimulatedBoard board = new();
    }

    internal static void Run(Func<SimulatedBoard, TestClock, Task> body)
    {
        TestClock clock = new();
        CoroutineScheduler.Run(() => body(new SimulatedBoard(), clock), new SchedulerOptions { Clock = clock });
    }

    [Fact]
    public void A_change_is_told_on_the_thread_that_has_caused_it()
    {
        SimulatedBoard board = new();
        int strangers = 0;
        board.Changed += change =>
        {
            if (Thread.CurrentThread.Name != $"of {change.Line}")
                Interlocked.Increment(ref strangers);
        };
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(line => new Thread(() =>
        {
            for (int i = 0; i < 5000; i++)
                board.Drive(line, i % 2 == 0);
        }) { Name = $"of {line}" })];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(0, strangers);
    }
}
