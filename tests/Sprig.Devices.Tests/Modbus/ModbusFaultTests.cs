using Sprig.Devices.Tests.Serial;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Devices.Tests.Modbus;

public class ModbusFaultTests
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(1);

    [Fact]
    public void A_silent_unit_is_a_timeout_after_the_retries_that_names_it() => ModbusRun.Run(async run =>
    {
        run.Slave[1].IsSilent = true;
        TimeoutException error = await ModbusRun.ThrowsAsync<TimeoutException, ushort[]>(run.Master.ReadHoldingRegistersAsync(1, 0, 1));
        Assert.Equal("Unit 1 on the line does not answer function 3 within 0.1 s.", error.Message);
        // Three timeouts, 10 and 20 ms between, and the request's way at 1 Mbaud.
        Assert.InRange(run.Milliseconds, 330, 335);
        run.Expect(3, 0, 3, 0, 2, 0);
        Assert.Equal(3, run.Slave[1].Requests);
    }, ModbusRun.Options with { Retries = 2 });

    [Fact]
    public void A_garbled_answer_is_known_by_the_silence_behind_it_and_asked_for_again() => ModbusRun.Run(async run =>
    {
        run.Slave[1].HoldingRegisters[0] = 5;
        run.Slave[1].GarbleFor(1);
        Assert.Equal([5], await run.Master.ReadHoldingRegistersAsync(1, 0, 1));
        // 20 ms of silence, 10 until the retry, well before the timeout of 100.
        Assert.InRange(run.Milliseconds, 30, 35);
        run.Expect(2, 1, 0, 1, 1, 0);
        Assert.Equal(7, run.Master.DiscardedBytes);
        run.Slave[1].GarbleFor(2);
        InvalidDataException error = await ModbusRun.ThrowsAsync<InvalidDataException, ushort[]>(run.Master.ReadHoldingRegistersAsync(1, 0, 1));
        Assert.Contains("unit 1 on the line to function 3: 010302", error.Message, StringComparison.Ordinal);
    }, ModbusRun.Options with { Retries = 1 });

    [Theory]
    [InlineData("cut")]
    [InlineData("empty")]
    [InlineData("long")]
    [InlineData("endless")]
    [InlineData("another unit's")]
    [InlineData("another function's")]
    public void What_is_no_answer_is_never_taken_for_one(string kind) => ModbusRun.Run(async run =>
    {
        run.Slave[1].HoldingRegisters[0] = 5;
        run.Slave[1].GarbleFor(1, answer => kind switch
        {
            "cut" => answer[..4],
            "empty" => [],
            "long" => [.. answer[..^1]],
            "endless" => new byte[2000],
            // Whole frames, but of other requests.
            "another unit's" => Framed(2, 3, 2, 0, 9),
            _ => Framed(1, 4, 2, 0, 9),
        });
        Exception? error = null;
        try
        {
            await run.Master.ReadHoldingRegistersAsync(1, 0, 1);
        }
        catch (Exception e)
        {
            error = e;
        }

        Assert.True(error is InvalidDataException or TimeoutException, $"{error}");
        Assert.Equal([5], await run.Master.ReadHoldingRegistersAsync(1, 0, 1));
        Assert.Equal((2, 1), (run.Master.Requests, run.Master.Answers));
        Assert.Equal(1, run.Master.Timeouts + run.Master.Malformed);
    });

    [Fact]
    public void Noise_before_and_behind_an_answer_does_not_hide_it() => ModbusRun.Run(async run =>
    {
        run.Slave[1].HoldingRegisters[0] = 5;
        run.Slave[1].GarbleFor(1, answer => [0x00, 0x01, 0x03, 0xFF, .. answer, 0xFF]);
        Assert.Equal([5], await run.Master.ReadHoldingRegistersAsync(1, 0, 1));
        Assert.Equal(5, run.Master.DiscardedBytes);
        run.Expect(1, 1, 0, 0, 0, 0);
    });

    [Fact]
    public void A_late_answer_is_never_taken_for_another_request_s() => ModbusRun.Run(async run =>
    {
        for (int i = 0; i < 100; i++)
            run.Slave[1].HoldingRegisters[i] = run.Slave[2].HoldingRegisters[i] = (ushort)i;
        // Whenever it comes: up to 100 ms after the timeout, with requests to others between, of the same length.
        for (int late = 101; late < 200; late += 7)
        {
            run.Slave[1].BeLateFor(1, TimeSpan.FromMilliseconds(late));
            await ModbusRun.ThrowsAsync<TimeoutException, ushort[]>(run.Master.ReadHoldingRegistersAsync(1, 50, 1));
            Coroutine other = Coroutine.Spawn(async () =>
            {
                for (ushort i = 0; i < 20; i++)
                    Assert.Equal([i], await run.Master.ReadHoldingRegistersAsync(2, i, 1));
            });
            Assert.Equal([51], await run.Master.ReadHoldingRegistersAsync(1, 51, 1));
            await other;
        }

        Assert.Equal(15, run.Master.Timeouts);
        Assert.True(run.Master.DiscardedBytes >= 15 * 7);
    });

    [Fact]
    public void The_answer_to_a_retry_is_never_taken_for_another_request_s() => ModbusRun.Run(async run =>
    {
        for (int i = 0; i < 10; i++)
            run.Slave[1].HoldingRegisters[i] = (ushort)i;
        // The retry is heard when the first was answered: twice that long is within its 100 + 100 ms up to here.
        for (int late = 115; late < 155; late += 7)
        {
            // Each answer is late, but not so soon that it falls between: the first is there while the retry waits for its own, and that comes in the next one's time.
            run.Slave[1].Delay = TimeSpan.FromMilliseconds(late);
            Assert.Equal([1], await run.Master.ReadHoldingRegistersAsync(1, 1, 1));
            run.Slave[1].Delay = TimeSpan.Zero;
            Assert.Equal([2], await run.Master.ReadHoldingRegistersAsync(1, 2, 1));
        }
    }, ModbusRun.Options with { Retries = 1 });

    [Fact]
    public void A_unit_that_does_not_answer_holds_up_the_others_by_its_timeout_alone() => ModbusRun.Run(async run =>
    {
        run.Slave[1].IsSilent = true;
        Coroutine silent = Coroutine.Spawn(() => ModbusRun.ThrowsAsync<TimeoutException, ushort[]>(run.Master.ReadHoldingRegistersAsync(1, 0, 1)));
        Coroutine again = Coroutine.Spawn(() => ModbusRun.ThrowsAsync<TimeoutException, ushort[]>(run.Master.ReadHoldingRegistersAsync(1, 1, 1)));
        await Coroutine.Yield();
        await run.Master.ReadHoldingRegistersAsync(2, 0, 1);
        Assert.InRange(run.Milliseconds, 100, 105);
        await silent;
        await again;
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(49)]
    [InlineData(51)]
    [InlineData(150)]
    public void Killed_or_timed_out_in_whatever_phase_it_goes_on_with_the_next(int after) => ModbusRun.Run(async run =>
    {
        run.Slave[1].HoldingRegisters[1] = 11;
        foreach (bool kill in (bool[])[true, false])
        {
            // Answered after 50 ms; the second one waits for its turn, the third for the unit to be quiet.
            run.Slave[1].BeLateFor(1, TimeSpan.FromMilliseconds(50));
            Func<Task> ask = async () => await run.Master.ReadHoldingRegistersAsync(1, 0, 1);
            Coroutine[] all =
            [
                .. Enumerable.Range(0, 3).Select(_ => Coroutine.Spawn(async () =>
                {
                    if (kill)
                        await ask();
                    else
                        await Deadline.TryRunAsync(TimeSpan.FromMilliseconds(after), ask);
                })),
            ];
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(after));
            foreach (Coroutine one in all)
            {
                if (kill)
                    one.Kill();
                await one.JoinAsync();
                Assert.NotEqual(CoroutineState.Faulted, one.State);
            }

            Assert.Equal([11], await run.Master.ReadHoldingRegistersAsync(1, 1, 1));
        }
    });

    [Fact]
    public void Unplugged_is_an_IOException_at_once_and_plugged_in_it_goes_on() => ModbusRun.Run(async run =>
    {
        run.Slave[1].Delay = TimeSpan.FromMilliseconds(50);
        Coroutine asking = Coroutine.Spawn(() => ModbusRun.ThrowsAsync<IOException, ushort[]>(run.Master.ReadHoldingRegistersAsync(1, 0, 1)));
        await Coroutine.Sleep(s_tick);
        run.Line.Unplug();
        await asking;
        await ModbusRun.ThrowsAsync<IOException>(async () => await run.Master.WriteRegisterAsync(2, 0, 1));
        await ModbusRun.ThrowsAsync<IOException>(async () => await run.Master.WriteRegisterAsync(0, 0, 1));
        run.Line.Plug();
        await run.Master.WriteRegisterAsync(2, 0, 1);
        Assert.Equal(1, run.Slave[2].HoldingRegisters[0]);
        Assert.Equal(0, run.Master.Retries);
    }, ModbusRun.Options with { Retries = 2 });

    [Fact]
    public void A_line_that_never_falls_silent_is_told() => ModbusRun.Run(async run =>
    {
        PollerRun.Start(async () =>
        {
            while (true)
            {
                await run.Device.WriteAsync(new byte[] { 0xAA });
                await Coroutine.Sleep(s_tick);
            }
        });
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(5));
        InvalidDataException error = await ModbusRun.ThrowsAsync<InvalidDataException, bool[]>(run.Master.ReadCoilsAsync(1, 0, 1));
        Assert.Contains("does not fall silent", error.Message, StringComparison.Ordinal);
        run.Expect(0, 0, 0, 1, 0, 0);
    });

    [Fact]
    public void An_echo_is_held_against_what_was_sent_and_taken_away() => ModbusRun.Run(async run =>
    {
        await run.Master.WriteRegisterAsync(1, 0, 5);
        Assert.Equal([5], await run.Master.ReadHoldingRegistersAsync(1, 0, 1));
        // Its echo is whole, and its answer does not come: the echo of a write looks like the answer to it.
        run.Slave[1].IsSilent = true;
        await ModbusRun.ThrowsAsync<TimeoutException>(async () => await run.Master.WriteRegisterAsync(1, 0, 6));
        run.Expect(3, 2, 1, 0, 0, 0);
    }, ModbusRun.Options with { EchoesRequests = true }, line => new EchoingAdapter((LoopLine)line));

    [Fact]
    public void Where_no_echo_comes_it_says_so() => ModbusRun.Run(async run =>
    {
        InvalidDataException error = await ModbusRun.ThrowsAsync<InvalidDataException, bool[]>(run.Master.ReadCoilsAsync(1, 0, 20));
        Assert.Contains("echo", error.Message, StringComparison.Ordinal);
    }, ModbusRun.Options with { EchoesRequests = true });

    [Fact]
    public void Without_the_option_an_echo_is_passed_over_where_it_can_be_known() => ModbusRun.Run(async run =>
    {
        run.Slave[1].Delay = TimeSpan.FromMilliseconds(50);
        run.Slave[1].HoldingRegisters[0] = 5;
        Assert.Equal([5], await run.Master.ReadHoldingRegistersAsync(1, 0, 1));
        Assert.Equal(8, run.Master.DiscardedBytes);
    }, wire: line => new EchoingAdapter((LoopLine)line));

    private static byte[] Framed(params byte[] frame)
    {
        byte[] whole = [.. frame, 0, 0];
        IO.Framing.Crc16.Modbus.Write(frame, whole.AsSpan(frame.Length));
        return whole;
    }
}
