using Sprig.Devices.Boards;
using Sprig.Scheduling;
using Sprig.Testing;
using Xunit;
using static Sprig.Programs.Tests.ProgramRun;

namespace Sprig.Programs.Tests;

/// <summary>SensorPoll in virtual time, with a simulated sensor on a real tty.</summary>
[Collection(ProcessCollection.Name)]
public class SensorPollTests
{
    private static readonly SensorPollSettings s_settings = Settings.Read("sensorpoll", [], SensorPollSettings.Read);

    [Fact]
    public void It_asks_at_its_beat_and_says_what_it_was_answered()
    {
        using PluggedSensor sensor = new();
        string[] said = Poll(sensor, Seconds(5));
        Assert.Equal([$"sensorpoll: an MH-Z19 on {sensor.Path}, asked every 2 s", "CO2 420 ppm", "CO2 490 ppm", "CO2 560 ppm"], said);
    }

    [Fact]
    public void A_sensor_that_does_not_answer_is_told_once_and_asked_on()
    {
        using PluggedSensor sensor = new();
        string[] said = Poll(sensor, Seconds(13), async () =>
        {
            await Coroutine.Sleep(Seconds(3));
            sensor.Device.IsSilent = true;
            await Coroutine.Sleep(Seconds(6));
            sensor.Device.IsSilent = false;
        });
        Assert.Equal(["CO2 420 ppm", "CO2 490 ppm", $"{sensor.Path}: no answer within 1 s.", $"an MH-Z19 on {sensor.Path} answers.", "CO2 560 ppm", "CO2 630 ppm"], said[1..]);
    }

    [Fact]
    public void A_garbled_answer_is_no_reading()
    {
        using PluggedSensor sensor = new();
        sensor.Device.IsGarbling = true;
        string[] said = Poll(sensor, Seconds(3), async () =>
        {
            await Coroutine.Sleep(Seconds(1));
            sensor.Device.IsGarbling = false;
        });
        Assert.Equal([$"{sensor.Path}: a garbled answer, FF8601A400000000D6.", $"an MH-Z19 on {sensor.Path} answers.", "CO2 490 ppm"], said[1..]);
    }

    [Fact]
    public void An_answer_that_comes_too_late_is_not_taken_for_the_next()
    {
        using PluggedSensor sensor = new();
        SensorPollSettings hasty = Settings.Read("sensorpoll", ["--poll", "1", "--timeout", "0.3"], SensorPollSettings.Read);
        sensor.Device.Delay = Seconds(0.5);
        string[] said = Poll(sensor, Seconds(1.9), async () =>
        {
            await Coroutine.Sleep(Seconds(0.7));
            sensor.Device.Delay = TimeSpan.Zero;
        }, hasty);
        // 420 was the late one.
        Assert.Equal([$"{sensor.Path}: no answer within 0.3 s.", $"an MH-Z19 on {sensor.Path} answers.", "CO2 490 ppm"], said[1..]);
    }

    [Fact]
    public void An_unplugged_sensor_is_told_and_found_again()
    {
        using PluggedSensor sensor = new();
        string[] said = Poll(sensor, Seconds(9), async () =>
        {
            await Coroutine.Sleep(Seconds(1));
            sensor.Unplug();
            await Coroutine.Sleep(Seconds(4));
            sensor.PlugAgain();
        });
        Assert.Contains("the device is gone", said[2], StringComparison.Ordinal);
        Assert.Equal(
            ["CO2 420 ppm", said[2], $"There is no device {sensor.Path}.", $"an MH-Z19 on {sensor.Path} answers.", "CO2 420 ppm", "CO2 490 ppm"], said[1..]);
    }

    [Fact]
    public void A_simulated_one_serves_where_there_is_none()
        => Assert.StartsWith("sensorpoll: a simulated MH-Z19 on /dev/pts/", For(Seconds(1), new SimulatedBoard(), async () =>
        {
            using Mhz19 sensor = Mhz19.Open("sim", Seconds(1));
            await SensorPoll.RunAsync(sensor, s_settings);
        })[0], StringComparison.Ordinal);

    [Theory]
    [InlineData("raspberry-pi-4", "/dev/serial0")]
    [InlineData("raspberry-pi-5", "/dev/ttyAMA0")]
    [InlineData(null, "/dev/serial0")]
    public void Auto_is_the_header_s_port(string? board, string port)
        => Assert.Equal(port, Mhz19.HeaderPortOf(BoardMap.Known.SingleOrDefault(map => map.Id == board)));

    private static string[] Poll(PluggedSensor plugged, TimeSpan length, Func<Task>? beside = null, SensorPollSettings? settings = null)
        => For(length, new SimulatedBoard(), async () =>
        {
            settings ??= s_settings;
            plugged.Start();
            using Mhz19 sensor = Mhz19.Open(plugged.Path, settings.Timeout);
            await SensorPoll.RunAsync(sensor, settings);
        }, beside);
}
