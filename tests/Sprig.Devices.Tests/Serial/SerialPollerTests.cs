using Sprig.Devices.Serial;
using Sprig.IO.Ports;
using Sprig.Scheduling;
using Sprig.Testing.Serial;
using Xunit;

namespace Sprig.Devices.Tests.Serial;

public class SerialPollerTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_sensor_is_asked_at_once_and_at_each_period_without_drift() => PollerRun.Run(async run =>
    {
        int count = 0;
        run.Sensor.WhenLine("T?", () => (++count).ToString(), TimeSpan.FromMilliseconds(30));
        SerialPoller poller = new(run.Line);
        PolledSensor<double> sensor = poller.Add("outside", s_second, PollerRun.Degrees());
        List<string> log = run.Log(sensor);
        PollerRun.Start(poller.RunAsync);
        await Coroutine.Sleep(TimeSpan.FromSeconds(3.5));
        Assert.Equal(["0.03 1", "1.03 2", "2.03 3", "3.03 4"], log);
        PollerRun.Expect(sensor.Statistics, 4, 4, 0, 0, 0, 0, 0, 0);
        Assert.Equal(TimeSpan.FromMilliseconds(30), sensor.Statistics.MeanResponse);
        Assert.Equal("4 of 4 answered in 30 ms (at most 30), 0 timeouts, 0 malformed, 0 other errors", sensor.Statistics.ToString());
        Assert.Null(sensor.Statistics.LastError);
    });

    [Fact]
    public void Readings_come_as_an_async_stream_and_the_last_one_stays() => PollerRun.Run(async run =>
    {
        run.Sensor.WhenLine("T?", "21.5", TimeSpan.FromMilliseconds(10));
        SerialPoller poller = new(run.Line);
        PolledSensor<double> sensor = poller.Add("outside", s_second, PollerRun.Degrees());
        Assert.False(sensor.TryGetLatest(out _));
        Assert.True(sensor.IsStale);
        PollerRun.Start(poller.RunAsync);
        int count = 0;
        await foreach (Reading<double> reading in sensor)
        {
            Assert.Equal(("outside", 21.5, TimeSpan.FromMilliseconds(10), false), (reading.Sensor, reading.Value, reading.ResponseTime, reading.IsStale));
            Assert.Equal(run.Clock.Now, reading.Time);
            Assert.True(sensor.TryGetLatest(out Reading<double> latest));
            Assert.Equal(reading, latest);
            Assert.Equal(reading, await sensor.GetLatestAsync());
            Assert.False(sensor.IsStale);
            if (++count == 3)
                break;
        }
    });

    [Fact]
    public void Sensors_share_the_line_one_exchange_at_a_time_in_turn() => PollerRun.Run(async run =>
    {
        foreach (string name in (string[])["A", "B", "C"])
            run.Sensor.WhenLine(name, name, TimeSpan.FromMilliseconds(40));
        SerialPoller poller = new(run.Line) { Gap = TimeSpan.FromMilliseconds(10) };
        List<string> log = [];
        PolledSensorOptions fresh = new() { StaleAfter = Timeout.InfiniteTimeSpan };
        // A wants half of the line for itself; B and C get their turns all the same.
        poller.Add("A", TimeSpan.FromMilliseconds(50), SerialRequest.Line("A", text => text), fresh);
        poller.Add("B", TimeSpan.FromMilliseconds(150), SerialRequest.Line("B", text => text), fresh);
        poller.Add("C", TimeSpan.FromMilliseconds(150), SerialRequest.Line("C", text => text), fresh);
        poller.ReadingsOf<string>().Subscribe(reading => log.Add(FormattableString.Invariant($"{run.Clock.Elapsed.TotalMilliseconds} {reading.Value}")));
        PollerRun.Start(poller.RunAsync);
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(430));
        Assert.Equal(["40 A", "90 B", "140 C", "190 A", "240 B", "290 C", "340 A", "390 B"], log.Take(8));
        Assert.Equal(["A", "B", "C"], poller.Sensors.Select(sensor => sensor.ToString()));
        // By the time that it has its answer, two more were due: the last of them is asked for, the others are missed.
        Assert.True(poller.Sensors[0].Statistics.Missed >= 2);
        Assert.Equal(0, run.Sensor.Unknown);
    });

    [Fact]
    public void A_value_that_gets_too_old_is_told_once_as_stale_and_a_new_one_is_fresh() => PollerRun.Run(async run =>
    {
        run.Sensor.WhenLine("T?", "7");
        SerialPoller poller = new(run.Line) { Retries = 0, Timeout = TimeSpan.FromMilliseconds(100) };
        PolledSensor<double> sensor = poller.Add("outside", s_second, PollerRun.Degrees(), new PolledSensorOptions { StaleAfter = TimeSpan.FromSeconds(2.5) });
        PolledSensor<double> never = poller.Add("never", s_second, PollerRun.Degrees(), new PolledSensorOptions { StaleAfter = Timeout.InfiniteTimeSpan });
        List<string> log = run.Log(sensor);
        List<string> other = run.Log(never);
        PollerRun.Start(poller.RunAsync);
        await Coroutine.Sleep(TimeSpan.FromSeconds(1.5));
        run.Sensor.IsSilent = true;
        await Coroutine.Sleep(TimeSpan.FromSeconds(1.9));
        Assert.False(sensor.IsStale);
        await Coroutine.Sleep(TimeSpan.FromSeconds(1));
        Assert.True(sensor.IsStale);
        Assert.False(never.IsStale);
        run.Sensor.IsSilent = false;
        await Coroutine.Sleep(TimeSpan.FromSeconds(20));
        Assert.False(sensor.IsStale);
        // Asked at 2, 4, and, its period grown to four, at 8.
        Assert.Equal(["0 7", "1 7", "3.5 7 stale", "8 7", "9 7"], log.Take(5));
        Assert.DoesNotContain(other, line => line.EndsWith("stale", StringComparison.Ordinal));
    });

    [Fact]
    public void A_sensor_is_added_while_it_runs_and_names_are_told_apart() => PollerRun.Run(async run =>
    {
        run.Sensor.WhenLine("T?", "1").WhenLine("U?", "2");
        SerialPoller poller = new(run.Line);
        poller.Add("one", s_second, PollerRun.Degrees());
        PollerRun.Start(poller.RunAsync);
        await Coroutine.Sleep(TimeSpan.FromSeconds(0.5));
        PolledSensor<double> two = poller.Add("two", s_second, PollerRun.Degrees("U?"));
        List<string> log = run.Log(two);
        await Coroutine.Sleep(TimeSpan.FromSeconds(1.2));
        Assert.Equal(["0.5 2", "1.5 2"], log);
        Assert.Throws<ArgumentException>(() => poller.Add("two", s_second, PollerRun.Degrees()));
        Assert.Throws<ArgumentException>(() => poller.Add("", s_second, PollerRun.Degrees()));
        Assert.Throws<ArgumentOutOfRangeException>(() => poller.Add("three", TimeSpan.Zero, PollerRun.Degrees()));
        Assert.Throws<InvalidOperationException>(() => new SerialPoller().Add("three", s_second, PollerRun.Degrees()));
    });

    [Fact]
    public void Bytes_that_nobody_asked_for_are_thrown_away_before_each_request() => PollerRun.Run(async run =>
    {
        run.Sensor.WhenLine("T?", "1");
        SerialPoller poller = new(run.Line);
        PolledSensor<double> sensor = poller.Add("outside", s_second, PollerRun.Degrees());
        PollerRun.Start(poller.RunAsync);
        await Coroutine.Sleep(TimeSpan.FromSeconds(0.5));
        await run.Sensor.SendLineAsync("99");
        await run.Sensor.SendAsync("9"u8.ToArray());
        await Coroutine.Sleep(s_second);
        PollerRun.Expect(sensor.Statistics, 2, 2, 0, 0, 0, 0, 0, 0);
        Assert.Equal(1.0, (await sensor.GetLatestAsync()).Value);
        Assert.Equal(5, poller.DiscardedBytes);
    });

    [Fact]
    public void Requests_are_lines_fixed_lengths_frames_or_code() => PollerRun.Run(async run =>
    {
        run.Sensor.When([0x10], [1, 2, 3]).When([0x11], [7, 0]).When([0x12], [5, 6]);
        SerialPoller poller = new(run.Line) { Retries = 0 };
        PolledSensor<int> length = poller.Add("fixed", s_second, SerialRequest.Fixed([0x10], 3, answer => answer[2] * 100 + answer[1] * 10 + answer[0]));
        PolledSensor<int> framed = poller.Add("framed", s_second, SerialRequest.Framed([0x11], IO.Framing.FrameFormat.Delimited([0]), answer => (int)answer[0]));
        PolledSensor<int> code = poller.Add("code", s_second, SerialRequest.Of<int>([0x12], async stream =>
        {
            byte[] two = new byte[2];
            return await stream.ReadAsync(two) + two[1];
        }));
        PolledSensor<int> own = poller.Add("own", s_second, () => new ValueTask<int>(4));
        PollerRun.Start(poller.RunAsync);
        await Coroutine.Sleep(TimeSpan.FromSeconds(0.5));
        Assert.Equal([321, 7, 8, 4], [.. new[] { length, framed, code, own }.Select(sensor => sensor.TryGetLatest(out Reading<int> reading) ? reading.Value : -1)]);
    });

    [Fact]
    public void Over_a_port_and_a_tty_it_is_the_same()
    {
        CoroutineScheduler.Run(() => Deadline.RunAsync(TimeSpan.FromSeconds(60), async () =>
        {
            using VirtualSerial device = new();
            using SerialPort port = SerialPort.Open(device.DevicePath);
            ScriptedSensor script = new ScriptedSensor(device).WhenLine("T?", "21.5").WhenLine("H?", "60");
            PollerRun.Start(script.RunAsync);
            SerialPoller poller = new(port) { Timeout = TimeSpan.FromSeconds(20) };
            PolledSensor<double> first = poller.Add("T", TimeSpan.FromMilliseconds(5), PollerRun.Degrees());
            PolledSensor<double> second = poller.Add("H", TimeSpan.FromMilliseconds(5), PollerRun.Degrees("H?"));
            PollerRun.Start(poller.RunAsync);
            int count = 0;
            await foreach (Reading<double> reading in poller.ReadingsOf<double>())
            {
                Assert.Equal(reading.Sensor == "T" ? 21.5 : 60, reading.Value);
                if (++count == 20)
                    break;
            }

            Assert.Equal((0, 0), (first.Statistics.Malformed + second.Statistics.Malformed, script.Unknown));
            Assert.True(first.Statistics.Answered > 0 && second.Statistics.Answered > 0);
        }), new SchedulerOptions { HandleSignals = false });
    }
}
