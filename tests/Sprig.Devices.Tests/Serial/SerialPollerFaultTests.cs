using Sprig.Devices.Serial;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Devices.Tests.Serial;

public class SerialPollerFaultTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_tenth = TimeSpan.FromMilliseconds(100);

    [Fact]
    public void A_timeout_is_tried_again_with_growing_delays_and_then_it_answers() => PollerRun.Run(async run =>
    {
        run.Sensor.WhenLine("T?", "5");
        run.Sensor.BeSilentFor(2);
        SerialPoller poller = new(run.Line) { Timeout = s_tenth, Retries = 2, RetryDelay = TimeSpan.FromMilliseconds(20) };
        PolledSensor<double> sensor = poller.Add("outside", s_second, PollerRun.Degrees());
        List<string> log = run.Log(sensor), notices = run.Log(poller);
        PollerRun.Start(poller.RunAsync);
        await Coroutine.Sleep(TimeSpan.FromSeconds(1.5));
        // 0, 0.1 + 0.02, 0.22 + 0.04.
        Assert.Equal(["0.26 5", "1 5"], log);
        PollerRun.Expect(sensor.Statistics, 4, 2, 2, 0, 0, 0, 2, 0);
        Assert.Equal("outside: no answer within 0.1 s.", Assert.IsType<TimeoutException>(sensor.Statistics.LastError).Message);
        Assert.Empty(notices);
        Assert.False(sensor.IsFailing);
    });

    [Fact]
    public void One_that_fails_is_asked_less_and_less_often_and_at_its_period_when_it_is_back() => PollerRun.Run(async run =>
    {
        run.Sensor.WhenLine("T?", "5");
        run.Sensor.IsSilent = true;
        SerialPoller poller = new(run.Line) { Timeout = s_tenth, Retries = 0, SlowestPeriod = TimeSpan.FromSeconds(8) };
        PolledSensor<double> sensor = poller.Add("outside", s_second, PollerRun.Degrees());
        List<string> log = run.Log(sensor), notices = run.Log(poller);
        PollerRun.Start(poller.RunAsync);
        // Asked at 0, 2, 6, 14, 22, 30.
        await Coroutine.Sleep(TimeSpan.FromSeconds(29));
        Assert.Equal(5, sensor.Statistics.Asked);
        Assert.Equal(TimeSpan.FromSeconds(8), sensor.CurrentPeriod);
        Assert.True(sensor.IsFailing);
        run.Sensor.IsSilent = false;
        await Coroutine.Sleep(TimeSpan.FromSeconds(3.5));
        Assert.Equal(["30 5", "31 5", "32 5"], log);
        Assert.Equal(["0.1 SensorFails outside", "30 SensorAnswers outside"], notices);
        Assert.Equal((s_second, false), (sensor.CurrentPeriod, sensor.IsFailing));
        PollerRun.Expect(sensor.Statistics, 8, 3, 5, 0, 0, 0, 0, 0);
    });

    [Fact]
    public void One_that_fails_holds_up_the_others_by_one_timeout_at_a_time() => PollerRun.Run(async run =>
    {
        run.Sensor.WhenLine("T?", "5");
        SerialPoller poller = new(run.Line) { Timeout = s_tenth, Retries = 3, RetryDelay = TimeSpan.FromMilliseconds(1) };
        PolledSensor<double> dead = poller.Add("dead", s_second, PollerRun.Degrees("X?"));
        PolledSensor<double> alive = poller.Add("alive", s_second, PollerRun.Degrees());
        List<string> log = run.Log(alive);
        PollerRun.Start(poller.RunAsync);
        await Coroutine.Sleep(TimeSpan.FromSeconds(1.5));
        Assert.Equal(["0.1 5", "1 5"], log);
        PollerRun.Expect(dead.Statistics, 4, 0, 4, 0, 0, 0, 3, 0);
        Assert.Equal(4, run.Sensor.Unknown);
    });

    [Fact]
    public void Malformed_answers_count_as_such_and_are_tried_again_at_once_not_after_the_timeout() => PollerRun.Run(async run =>
    {
        run.Sensor.WhenLine("T?", "5").When([1], [2, 3, 4]);
        SerialPoller poller = new(run.Line) { Retries = 1, RetryDelay = TimeSpan.FromMilliseconds(10) };
        PolledSensor<double> sensor = poller.Add("line", s_second, PollerRun.Degrees());
        List<string> log = run.Log(sensor);
        run.Sensor.GarbleFor(1, answer => "what?\n"u8.ToArray());
        PollerRun.Start(poller.RunAsync);
        await Coroutine.Sleep(TimeSpan.FromSeconds(0.5));
        Assert.Equal(["0.01 5"], log);
        PollerRun.Expect(sensor.Statistics, 2, 1, 0, 1, 0, 0, 1, 0);
        Assert.IsType<FormatException>(sensor.Statistics.LastError);

        // A wrong check is told at once too; half an answer when the time is over.
        PolledSensor<int> framed = poller.Add("framed", s_second, SerialRequest.Framed([1], IO.Framing.FrameFormat.Fixed(3).WithCheck(IO.Framing.Crc16.Modbus), answer => (int)answer[0]));
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(100));
        PollerRun.Expect(framed.Statistics, 2, 0, 0, 2, 0, 0, 1, 0);
        PolledSensor<int> cut = poller.Add("cut", TimeSpan.FromMinutes(1), SerialRequest.Fixed([1], 4, answer => (int)answer[0]), new PolledSensorOptions { Retries = 0, Timeout = s_tenth });
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(250));
        PollerRun.Expect(cut.Statistics, 1, 0, 0, 1, 0, 0, 0, 0);
        Assert.Equal("cut: an answer that was not whole within 0.1 s.", cut.Statistics.LastError!.Message);
    });

    [Fact]
    public void A_late_answer_is_thrown_away_before_the_next_request() => PollerRun.Run(async run =>
    {
        int count = 0;
        run.Sensor.WhenLine("T?", () => (++count).ToString());
        run.Sensor.BeLateFor(1, TimeSpan.FromMilliseconds(150));
        SerialPoller poller = new(run.Line) { Timeout = s_tenth, Retries = 0, LateAnswers = s_tenth };
        PolledSensor<double> sensor = poller.Add("outside", TimeSpan.FromMilliseconds(10), PollerRun.Degrees(), new PolledSensorOptions { StaleAfter = s_second });
        List<string> log = run.Log(sensor);
        PollerRun.Start(poller.RunAsync);
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(205));
        // Asked again when 0.2 s are over, not before: the first answer has come at 0.15.
        Assert.Equal("0.2 2", log[0]);
        Assert.Equal(3, poller.DiscardedBytes);
        Assert.Equal(1, sensor.Statistics.Timeouts);
    });

    [Fact]
    public void An_unplugged_line_is_told_once_and_when_it_is_back_so_are_the_sensors_at_their_period() => PollerRun.Run(async run =>
    {
        run.Sensor.WhenLine("T?", "5", TimeSpan.FromMilliseconds(10)).WhenLine("U?", "6", TimeSpan.FromMilliseconds(10));
        SerialPoller poller = new(run.Line);
        PolledSensor<double> one = poller.Add("one", s_second, PollerRun.Degrees());
        PolledSensor<double> two = poller.Add("two", s_second, PollerRun.Degrees("U?"));
        List<string> notices = run.Log(poller), log = run.Log(one);
        PollerRun.Start(poller.RunAsync);
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(1005));
        // In the midst of an answer.
        run.Line.Unplug();
        await Coroutine.Sleep(TimeSpan.FromSeconds(10));
        Assert.False(poller.IsLineUp);
        Assert.Equal((s_second, s_second), (one.CurrentPeriod, two.CurrentPeriod));
        run.Line.Plug();
        await Coroutine.Sleep(TimeSpan.FromSeconds(1.5));
        Assert.True(poller.IsLineUp);
        Assert.Equal(
            ["1.005 LineFails", "1.005 SensorFails one", "1.005 SensorFails two", "12.01 LineBack", "12.01 SensorAnswers one"],
            notices.Take(5));
        Assert.Equal(["0.01 5", "3.01 5 stale", "12.01 5"], log);
        PollerRun.Expect(one.Statistics, 13, 2, 0, 0, 11, 0, 0, 0);
    });

    [Fact]
    public void A_line_that_was_closed_ends_it_and_its_streams() => PollerRun.Run(async run =>
    {
        run.Sensor.WhenLine("T?", "5");
        SerialPoller poller = new(run.Line);
        PolledSensor<double> sensor = poller.Add("outside", s_second, PollerRun.Degrees());
        poller.Add("other", s_second, PollerRun.Degrees());
        Coroutine polling = Coroutine.Spawn(poller.RunAsync);
        Coroutine reader = Coroutine.Spawn(async () =>
        {
            await foreach (Reading<double> _ in sensor)
            {
            }
        });
        await Coroutine.Sleep(TimeSpan.FromSeconds(0.5));
        run.Line.Dispose();
        await polling.JoinAsync();
        Assert.IsType<ObjectDisposedException>(polling.Exception);
        await reader.JoinAsync();
        Assert.IsType<ObjectDisposedException>(reader.Exception);
        Assert.Throws<InvalidOperationException>(() => poller.Add("late", s_second, PollerRun.Degrees()));
    });

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.05)]
    [InlineData(0.15)]
    [InlineData(0.5)]
    public void Killed_in_whatever_phase_it_leaves_nothing_behind(double second) => PollerRun.Run(async run =>
    {
        run.Sensor.WhenLine("T?", "5", s_tenth);
        SerialPoller poller = new(run.Line) { Timeout = TimeSpan.FromMilliseconds(120), Gap = TimeSpan.FromMilliseconds(30) };
        PolledSensor<double> sensor = poller.Add("outside", s_second, PollerRun.Degrees());
        poller.Add("second", s_second, PollerRun.Degrees());
        poller.Add("mute", s_second, PollerRun.Degrees("X?"));
        int before = CoroutineScheduler.Current.Coroutines.Count;
        Coroutine polling = PollerRun.Spawn(poller.RunAsync);
        await Coroutine.Sleep(TimeSpan.FromSeconds(second));
        polling.Kill();
        await polling.JoinAsync();
        Assert.Equal(CoroutineState.Killed, polling.State);
        Assert.Equal(before, CoroutineScheduler.Current.Coroutines.Count);
        Assert.Throws<ObjectDisposedException>(() => sensor.GetAsyncEnumerator());
        InvalidOperationException? again = null;
        try
        {
            await poller.RunAsync();
        }
        catch (InvalidOperationException e)
        {
            again = e;
        }

        Assert.NotNull(again);
    });

    [Fact]
    public void What_code_of_the_user_s_throws_is_that_sensor_s_failure_alone() => PollerRun.Run(async run =>
    {
        run.Sensor.WhenLine("T?", "5");
        SerialPoller poller = new(run.Line);
        int calls = 0;
        PolledSensor<int> own = poller.Add<int>("own", s_second, () => ++calls switch
        {
            1 => throw new NotSupportedException("refused"),
            2 => throw new TimeoutException(),
            3 => throw new InvalidDataException(),
            4 => throw new OperationCanceledException(),
            _ => new ValueTask<int>(calls),
        });
        PolledSensor<double> sensor = poller.Add("outside", s_second, PollerRun.Degrees());
        PollerRun.Start(poller.RunAsync);
        await Coroutine.Sleep(TimeSpan.FromSeconds(40));
        Assert.Equal((5, 1, 1, 2), (own.Statistics.Asked - own.Statistics.Answered + 1, own.Statistics.Timeouts, own.Statistics.Malformed, own.Statistics.OtherErrors));
        Assert.Equal(0, own.Statistics.Retries);
        Assert.Equal(40, sensor.Statistics.Answered);
    });
}
