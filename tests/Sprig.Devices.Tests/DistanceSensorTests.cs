using Sprig.IO;
using Sprig.Scheduling;
using Xunit;
using static Sprig.Devices.Tests.DeviceRun;

namespace Sprig.Devices.Tests;

public class DistanceSensorTests
{
    [Theory]
    [InlineData(20, 343.2)]
    [InlineData(0, 331.3)]
    [InlineData(-20, 318.9)]
    public void The_echos_width_is_the_distance_by_the_speed_of_sound(double celsius, double metresASecond) => Run(async run =>
    {
        SimulatedHcsr04 chip = new(run.Board, 2, 3) { Width = Milliseconds(10) };
        using DistanceSensor sensor = new(run.Board, 2, 3) { Temperature = celsius };
        double? distance = await sensor.ReadAsync();
        Assert.Equal(0.01 * metresASecond / 2, distance!.Value, 0.001);
        Assert.Equal(1, chip.Pulses);
        Assert.Equal(Milliseconds(10.45), run.Clock.Elapsed);
    });

    [Fact]
    public void A_loop_that_is_late_does_not_stretch_the_echo() => Run(async run =>
    {
        _ = new SimulatedHcsr04(run.Board, 2, 3) { Width = Milliseconds(10) };
        using DistanceSensor sensor = new(run.Board, 2, 3);
        // The fall of the echo is stamped, and then the loop is busy.
        run.Board.Changed += change => run.Clock.Advance(change is { Line: 3, Level: false } ? Milliseconds(5) : TimeSpan.Zero);
        Assert.Equal(0.01 * 343.2 / 2, (await sensor.ReadAsync())!.Value, 0.001);
        Assert.Equal(Milliseconds(15.45), run.Clock.Elapsed);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_loop_that_is_late_by_more_than_a_cycle_loses_no_echo(bool untilTheFall) => Run(async run =>
    {
        _ = new SimulatedHcsr04(run.Board, 2, 3) { Width = Milliseconds(10) };
        using DistanceSensor sensor = new(run.Board, 2, 3);
        if (untilTheFall)
        {
            run.Board.Changed += change => run.Clock.Advance(change is { Line: 3, Level: false } ? Milliseconds(100) : TimeSpan.Zero);
        }
        else
        {
            run.Board.Changed += change =>
            {
                // All of the echo comes in one step.
                if (change is not { Line: 3, Level: true })
                    return;
                run.Clock.Advance(Milliseconds(10));
                run.Board.Drive(3, false);
                run.Clock.Advance(Milliseconds(100));
            };
        }

        Assert.Equal(0.01 * 343.2 / 2, (await sensor.ReadAsync())!.Value, 0.001);
    });

    [Fact]
    public void A_loop_that_is_late_takes_an_echo_line_that_fell_meanwhile_for_no_fault() => Run(async run =>
    {
        _ = new SimulatedHcsr04(run.Board, 2, 3) { Width = Milliseconds(10) };
        run.Board.Drive(3, true);
        using DistanceSensor sensor = new(run.Board, 2, 3);
        Coroutine<double?> reader = Coroutine.Spawn(() => sensor.ReadAsync());
        await Coroutine.Sleep(Milliseconds(100));
        run.Board.Drive(3, false);
        run.Clock.Advance(Milliseconds(200));
        Assert.NotNull(await reader);
    });

    [Fact]
    public void Measurements_are_60_ms_apart_and_one_at_a_time() => Run(async run =>
    {
        SimulatedHcsr04 chip = new(run.Board, 2, 3) { Width = Milliseconds(1) };
        using DistanceSensor sensor = new(run.Board, 2, 3);
        Coroutine[] readers = [.. Enumerable.Range(0, 3).Select(_ => Coroutine.Spawn(async () =>
        {
            await sensor.ReadAsync();
            run.At("read");
        }))];
        await Coroutine.JoinAll(readers);
        run.Expect("0.00145 read", "0.06145 read", "0.12145 read");
        Assert.Equal(3, chip.Pulses);
    });

    [Fact]
    public void Nothing_in_range_is_null() => Run(async run =>
    {
        SimulatedHcsr04 chip = new(run.Board, 2, 3) { Width = Milliseconds(38) };
        using DistanceSensor sensor = new(run.Board, 2, 3);
        Assert.Null(await sensor.ReadAsync());
        // Some hold the line for longer than a cycle.
        chip.Width = Milliseconds(150);
        Assert.Null(await sensor.ReadAsync());
        chip.Width = Milliseconds(6);
        Assert.NotNull(await sensor.ReadAsync());
        sensor.MaximumDistance = 1;
        Assert.Null(await sensor.ReadAsync());
    });

    [Fact]
    public void A_sensor_that_does_not_answer_is_told() => Run(async run =>
    {
        SimulatedHcsr04 chip = new(run.Board, 2, 3) { IsAlive = false };
        using DistanceSensor sensor = new(run.Board, 2, 3);
        var error = await Assert.ThrowsAsync<TimeoutException>(async () => await sensor.ReadAsync());
        Assert.Equal("The distance sensor on line 3 does not answer its trigger; check its power, and the wires of trigger and echo.", error.Message);
        run.Board.Drive(3, true);
        error = await Assert.ThrowsAsync<TimeoutException>(async () => await sensor.ReadAsync());
        Assert.Contains("holds its echo line high", error.Message, StringComparison.Ordinal);
        run.Board.Drive(3, false);
        chip.IsAlive = true;
        chip.Width = Milliseconds(1);
        Assert.NotNull(await sensor.ReadAsync());
    });

    [Fact]
    public void A_measurement_that_is_cut_off_leaves_the_next_one_right() => Run(async run =>
    {
        SimulatedHcsr04 chip = new(run.Board, 2, 3) { Width = Milliseconds(20) };
        using DistanceSensor sensor = new(run.Board, 2, 3);
        Assert.False(await Deadline.TryRunAsync(Milliseconds(5), () => sensor.ReadAsync().AsTask()));
        Coroutine victim = Coroutine.Spawn(() => sensor.ReadAsync());
        await Coroutine.Sleep(Milliseconds(56));
        await victim.KillAsync();
        chip.Width = Milliseconds(2);
        Assert.Equal(0.002 * 343.2 / 2, (await sensor.ReadAsync())!.Value, 0.001);
    });

    [Fact]
    public void Its_values_come_by_absolute_times_and_can_be_followed() => Run(async run =>
    {
        SimulatedHcsr04 chip = new(run.Board, 2, 3) { Width = Milliseconds(5) };
        using DistanceSensor sensor = new(run.Board, 2, 3);
        List<double> times = [];
        await foreach (double? _ in sensor.Values(Seconds(0.5)))
        {
            times.Add(run.Clock.Elapsed.TotalSeconds);
            if (times.Count == 3)
                break;
        }

        Assert.Equal([0.00545, 0.50545, 1.00545], times);
        Assert.Throws<ArgumentOutOfRangeException>(() => sensor.Values(Milliseconds(59)));
    });

    [Fact]
    public void Bad_input_is_told_and_holds_no_line() => Run(async run =>
    {
        using GpioOutput taken = run.Board.OpenOutput(9);
        Assert.Throws<IOException>(() => new DistanceSensor(run.Board, 2, 9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DistanceSensor(run.Board, 2, 99));
        Assert.Throws<ArgumentNullException>(() => new DistanceSensor(taken, null!));
        Assert.Throws<ArgumentNullException>(() => new DistanceSensor(null!, 1, 2));
        Assert.Equal(1, run.Board.HeldLines);
        DistanceSensor sensor = new(run.Board, 2, 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => sensor.Temperature = 200);
        Assert.Throws<ArgumentOutOfRangeException>(() => sensor.MaximumDistance = double.NaN);
        Coroutine reader = Coroutine.Spawn(() => sensor.ReadAsync());
        await Coroutine.Sleep(Milliseconds(1));
        sensor.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await reader);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await sensor.ReadAsync());
        Assert.Equal(1, run.Board.HeldLines);
    });
}
