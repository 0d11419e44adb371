using Sprig.IO;
using Sprig.Scheduling;
using Sprig.Testing;
using Xunit;
using static Sprig.Devices.Tests.DeviceRun;

namespace Sprig.Devices.Tests;

public class StepperTests
{
    [Theory]
    [InlineData(StepperMode.HalfStep, "0011 0010 0110 0100 1100 1000 1001 0001 0011")]
    [InlineData(StepperMode.FullStep, "0110 1100 1001 0011 0110 1100 1001 0011 0110")]
    [InlineData(StepperMode.WaveDrive, "0010 0100 1000 0001 0010 0100 1000 0001 0010")]
    public void It_goes_through_its_sequence_and_back(StepperMode mode, string patterns) => Run(async run =>
    {
        using Stepper stepper = new(run.Board, 1, 2, 3, 4, mode);
        string[] expected = patterns.Split(' ');
        Coroutine move = Coroutine.Spawn(() => stepper.MoveAsync(expected.Length));
        List<string> seen = await SampleAsync(run, expected.Length);
        await move;
        Assert.Equal(expected, seen);
        Assert.Equal("0000", Coils(run));
        Assert.Equal(expected.Length, stepper.Position);
        move = Coroutine.Spawn(() => stepper.MoveAsync(-(expected.Length - 1)));
        seen = await SampleAsync(run, expected.Length - 1);
        await move;
        Assert.Equal(expected.Reverse().Skip(1), seen);
        Assert.Equal(1, stepper.Position);
    });

    [Fact]
    public void A_coil_turns_the_motor_by_one_step_each_time() => Run(async run =>
    {
        SimulatedMotor motor = new(run.Board);
        using Stepper stepper = new(run.Board, 1, 2, 3, 4) { StepTime = Milliseconds(1) };
        await stepper.MoveAsync(20);
        Assert.Equal((20, 20), (stepper.Position, motor.Position));
        await stepper.MoveToAsync(-15);
        Assert.Equal((-15, -15), (stepper.Position, motor.Position));
        stepper.SetPosition(1000);
        await stepper.MoveToAsync(1003);
        Assert.Equal(-12, motor.Position);
        await stepper.MoveAsync(0);
        Assert.Equal(Milliseconds(58), run.Clock.Elapsed);
    });

    [Fact]
    public void A_cancelled_move_leaves_the_position_right_and_the_coils_without_current() => Run(async run =>
    {
        SimulatedMotor motor = new(run.Board);
        using Stepper stepper = new(run.Board, 1, 2, 3, 4);
        Coroutine move = Coroutine.Spawn(() => stepper.MoveAsync(1000));
        await Coroutine.Sleep(Milliseconds(9));
        Assert.True(stepper.IsMoving);
        await move.KillAsync();
        Assert.Equal((5, 5, "0000", false), (stepper.Position, motor.Position, Coils(run), stepper.IsMoving));
        Assert.False(await Deadline.TryRunAsync(Milliseconds(9.5), () => stepper.MoveAsync(-1000)));
        Assert.Equal((0, 0, "0000"), (stepper.Position, motor.Position, Coils(run)));
        move = Coroutine.Spawn(() => stepper.MoveAsync(1000));
        await Coroutine.Sleep(Milliseconds(10));
        stepper.Stop();
        Assert.Equal((5, "0000"), (stepper.Position, Coils(run)));
        await move;
        await stepper.MoveToAsync(7);
        Assert.Equal((7, 7), (stepper.Position, motor.Position));
    });

    [Fact]
    public void Another_move_takes_over_where_it_is() => Run(async run =>
    {
        SimulatedMotor motor = new(run.Board);
        using Stepper stepper = new(run.Board, 1, 2, 3, 4);
        Coroutine move = Coroutine.Spawn(() => stepper.MoveAsync(1000));
        await Coroutine.Sleep(Milliseconds(9));
        await stepper.MoveToAsync(2);
        await move;
        Assert.Equal((2, 2, Milliseconds(16)), (stepper.Position, motor.Position, run.Clock.Elapsed));
    });

    [Fact]
    public void Told_oftener_than_it_steps_it_is_no_faster() => Run(async run =>
    {
        using Stepper stepper = new(run.Board, 1, 2, 3, 4);
        for (int i = 0; i < 40; i++)
        {
            _ = Coroutine.Spawn(() => stepper.MoveToAsync(1000));
            await Coroutine.Sleep(Milliseconds(0.5));
        }

        Assert.Equal(10, stepper.Position);
        stepper.Stop();
        await stepper.MoveToAsync(stepper.Position);
        Assert.Equal(Milliseconds(20), run.Clock.Elapsed);
    });

    [Fact]
    public void A_loop_that_was_late_leaves_no_step_out_and_rushes_none() => Run(async run =>
    {
        SimulatedMotor motor = new(run.Board);
        using Stepper stepper = new(run.Board, 1, 2, 3, 4);
        Coroutine move = Coroutine.Spawn(() => stepper.MoveAsync(10));
        await Coroutine.Sleep(Milliseconds(5));
        run.Clock.Advance(Milliseconds(100));
        await move;
        Assert.Equal((10, 10), (stepper.Position, motor.Position));
        // Three steps before, seven from then on, the first of them at once.
        Assert.Equal(Milliseconds(105 + 14), run.Clock.Elapsed);
    });

    [Fact]
    public void Dispose_ends_a_move() => Run(async run =>
    {
        Stepper stepper = new(run.Board, 1, 2, 3, 4);
        Coroutine move = Coroutine.Spawn(() => stepper.MoveAsync(1000));
        await Coroutine.Sleep(Milliseconds(3));
        stepper.Dispose();
        Assert.Equal("0000", Coils(run));
        await move;
        Assert.Throws<ObjectDisposedException>(() => { _ = stepper.MoveAsync(1); });
        stepper.Stop();
    });

    [Fact]
    public void On_lines_without_a_safe_level_its_end_takes_the_current_away_all_the_same() => Run(async run =>
    {
        Stepper stepper = new(run.Board.OpenLines([1, 2, 3, 4], new GpioLineSettings { Direction = GpioDirection.Output, SafeLevel = null }));
        Coroutine move = Coroutine.Spawn(() => stepper.MoveAsync(1000));
        await Coroutine.Sleep(Milliseconds(3));
        Assert.NotEqual("0000", Coils(run));
        stepper.Dispose();
        stepper.Dispose();
        Assert.Equal("0000", Coils(run));
        await move;
    });

    [Fact]
    public void Bad_input_is_told_and_holds_no_line() => Run(async run =>
    {
        using GpioOutput one = run.Board.OpenOutput(9);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Stepper(run.Board, 1, 2, 3, 4, (StepperMode)3));
        Assert.Throws<IOException>(() => new Stepper(run.Board, 1, 2, 3, 9));
        Assert.Throws<ArgumentException>(() => new Stepper(run.Board, 1, 2, 3, 3));
        using GpioLineGroup three = run.Board.OpenLines([5, 6, 7], new GpioLineSettings { Direction = GpioDirection.Output });
        using GpioLineGroup inputs = run.Board.OpenLines([10, 11, 12, 13]);
        Assert.Throws<ArgumentException>(() => new Stepper(three));
        Assert.Throws<ArgumentException>(() => new Stepper(inputs));
        Assert.Throws<ArgumentNullException>(() => new Stepper(null!));
        Assert.Equal(8, run.Board.HeldLines);
        using Stepper stepper = new(run.Board, 1, 2, 3, 4);
        Assert.Throws<ArgumentOutOfRangeException>(() => stepper.StepTime = TimeSpan.Zero);
        Coroutine move = Coroutine.Spawn(() => stepper.MoveAsync(3));
        await Coroutine.Sleep(Milliseconds(1));
        Assert.Throws<InvalidOperationException>(() => stepper.SetPosition(0));
        await move;
    });

    private static string Coils(DeviceRun run)
        => string.Concat(((int[])[4, 3, 2, 1]).Select(line => run.Board[line] ? '1' : '0'));

    /// <summary>In the middle of each step.</summary>
    private static async Task<List<string>> SampleAsync(DeviceRun run, int count)
    {
        List<string> seen = [];
        await Coroutine.Sleep(Milliseconds(1));
        for (int i = 0; i < count; i++)
        {
            seen.Add(Coils(run));
            await Coroutine.Sleep(Milliseconds(2));
        }

        return seen;
    }

    /// <summary>A rotor that follows the field of its four coils by the nearest way, in half steps; not so fast that it would see the
    /// coils of one step switched one after the other.</summary>
    private sealed class SimulatedMotor
    {
        private readonly SimulatedBoard _board;

        internal SimulatedMotor(SimulatedBoard board)
        {
            _board = board;
            board.Changed += _ => CoroutineScheduler.Current.Post(Follow);
        }

        internal long Position { get; private set; }

        private void Follow()
        {
            int field = (_board[1], _board[2], _board[3], _board[4]) switch
            {
                (true, false, false, false) => 0,
                (true, true, false, false) => 1,
                (false, true, false, false) => 2,
                (false, true, true, false) => 3,
                (false, false, true, false) => 4,
                (false, false, true, true) => 5,
                (false, false, false, true) => 6,
                (true, false, false, true) => 7,
                _ => -1,
            };
            if (field < 0)
                return;
            long turn = ((field - Position) % 8 + 8) % 8;
            Position += turn > 4 ? turn - 8 : turn;
        }
    }
}
