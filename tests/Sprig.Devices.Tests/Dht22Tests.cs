using Sprig.Scheduling;
using Xunit;
using static Sprig.Devices.Tests.DeviceRun;

namespace Sprig.Devices.Tests;

public class Dht22Tests
{
    [Theory]
    [InlineData(0x02, 0x92, 0x01, 0x0D, 26.9, 65.8)]
    [InlineData(0x02, 0x8C, 0x80, 0x65, -10.1, 65.2)]
    [InlineData(0x00, 0x00, 0x00, 0x00, 0, 0)]
    [InlineData(0x03, 0xE8, 0x04, 0xE2, 125, 100)]
    public void Its_40_bits_are_read_from_the_stamps(int b0, int b1, int b2, int b3, double celsius, double humidity) => Run(async run =>
    {
        _ = new SimulatedDht(run.Board, 4, 1) { Data = [(byte)b0, (byte)b1, (byte)b2, (byte)b3] };
        using Dht22 sensor = new(run.Board, 4);
        DhtReading reading = await sensor.ReadAsync();
        Assert.Equal((celsius, humidity), (reading.Celsius, reading.Humidity));
        Assert.Equal(0, sensor.Failures);
        Assert.True(run.Board[4]);
        Assert.Empty(run.Board.Conflicts);
    });

    [Fact]
    public void A_DHT11_is_asked_with_a_longer_pulse() => Run(async run =>
    {
        _ = new SimulatedDht(run.Board, 4, 18) { Data = [45, 0, 23, 4] };
        using Dht22 sensor = new(run.Board, 4, DhtModel.Dht11);
        DhtReading reading = await sensor.ReadAsync();
        Assert.Equal((23.4, 45), (reading.Celsius, reading.Humidity));
        _ = new SimulatedDht(run.Board, 5, 18) { Data = [45, 0, 3, 0x84] };
        using Dht22 cold = new(run.Board, 5, DhtModel.Dht11);
        Assert.Equal(-3.4, (await cold.ReadAsync()).Celsius);
    });

    [Fact]
    public void Questions_are_two_seconds_apart() => Run(async run =>
    {
        SimulatedDht chip = new(run.Board, 4, 1) { Data = [2, 2, 2, 2] };
        using Dht22 sensor = new(run.Board, 4);
        Coroutine other = Coroutine.Spawn(() => sensor.ReadAsync());
        await sensor.ReadAsync();
        await other;
        Assert.Equal([0.0011, 2.0011], chip.Asked);
    });

    [Fact]
    public void A_loop_that_is_late_loses_nothing() => Run(async run =>
    {
        _ = new SimulatedDht(run.Board, 4, 1) { Data = [0x02, 0x92, 0x01, 0x0D] };
        using Dht22 sensor = new(run.Board, 4);
        Coroutine<DhtReading> reader = Coroutine.Spawn(() => sensor.ReadAsync());
        await Coroutine.Sleep(Milliseconds(7));
        // The answer is over; the loop comes late to it.
        run.Clock.Advance(Milliseconds(300));
        Assert.Equal(26.9, (await reader).Celsius);
        Assert.Equal(0, sensor.Failures);
    });

    [Fact]
    public void The_sensors_first_fall_may_be_missed() => Run(async run =>
    {
        _ = new SimulatedDht(run.Board, 4, 1) { Data = [0x02, 0x92, 0x01, 0x0D], IsHasty = true };
        using Dht22 sensor = new(run.Board, 4);
        Assert.Equal(26.9, (await sensor.ReadAsync()).Celsius);
    });

    [Fact]
    public void A_garbled_answer_is_asked_for_again() => Run(async run =>
    {
        SimulatedDht chip = new(run.Board, 4, 1) { Data = [0x02, 0x92, 0x01, 0x0D], Checksum = 1, Deaf = 1 };
        using Dht22 sensor = new(run.Board, 4);
        Coroutine<DhtReading> reader = Coroutine.Spawn(() => sensor.ReadAsync());
        await Coroutine.Sleep(Seconds(3));
        chip.Checksum = null;
        Assert.Equal(26.9, (await reader).Celsius);
        Assert.Equal((2, 3), (sensor.Failures, chip.Asked.Count));
    });

    [Fact]
    public void After_its_attempts_the_error_says_what_was_wrong() => Run(async run =>
    {
        SimulatedDht chip = new(run.Board, 4, 1) { Checksum = 1 };
        using Dht22 sensor = new(run.Board, 4) { Attempts = 2 };
        Assert.Contains("its checksum is wrong", await FailAsync<InvalidDataException>(), StringComparison.Ordinal);
        Assert.Equal(2, chip.Asked.Count);
        chip.Bits = 31;
        Assert.Contains("33 of 41 falling edges came", await FailAsync<InvalidDataException>(), StringComparison.Ordinal);
        chip.Deaf = 2;
        Assert.Contains("The Dht22 on line 4 does not answer", await FailAsync<TimeoutException>(), StringComparison.Ordinal);
        Assert.Equal(6, sensor.Failures);

        async Task<string> FailAsync<T>()
            where T : Exception => (await Assert.ThrowsAsync<T>(async () => await sensor.ReadAsync())).Message;
    });

    [Fact]
    public void Killed_while_it_asks_it_lets_go_of_the_line() => Run(async run =>
    {
        SimulatedDht chip = new(run.Board, 4, 1) { Data = [0x02, 0x92, 0x01, 0x0D] };
        using Dht22 sensor = new(run.Board, 4);
        Coroutine victim = Coroutine.Spawn(() => sensor.ReadAsync());
        await Coroutine.Sleep(Milliseconds(0.5));
        Assert.False(run.Board[4]);
        await victim.KillAsync();
        Assert.True(run.Board[4]);
        Assert.False(await Deadline.TryRunAsync(Seconds(2.004), () => sensor.ReadAsync().AsTask()));
        // Some of an answer that nobody waited for is still there.
        Assert.Equal(26.9, (await sensor.ReadAsync()).Celsius);
        Assert.Equal(0, sensor.Failures);
    });

    [Fact]
    public void Dispose_ends_a_reading_and_lets_go_of_the_line() => Run(async run =>
    {
        _ = new SimulatedDht(run.Board, 4, 1) { Deaf = 100 };
        foreach (double after in (double[])[0.5, 3, 8.5])
        {
            Dht22 sensor = new(run.Board, 4);
            Coroutine reader = Coroutine.Spawn(() => sensor.ReadAsync());
            await Coroutine.Sleep(Milliseconds(after));
            sensor.Dispose();
            Assert.True(run.Board[4]);
            await Assert.ThrowsAsync<ObjectDisposedException>(async () => await reader);
            await Assert.ThrowsAsync<ObjectDisposedException>(async () => await sensor.ReadAsync());
            await Coroutine.Sleep(Seconds(1));
            Assert.Equal(0, run.Board.HeldLines);
        }
    });

    [Fact]
    public void Bad_input_is_told_and_holds_no_line() => Run(run =>
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dht22(run.Board, 99));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dht22(run.Board, 4, (DhtModel)9));
        Assert.Throws<ArgumentNullException>(() => new Dht22(null!, 4));
        using Dht22 sensor = new(run.Board, 4);
        Assert.Throws<IOException>(() => new Dht22(run.Board, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => sensor.Attempts = 0);
        Assert.Equal(1, run.Board.HeldLines);
        return Task.CompletedTask;
    });
}
