using System.Net;
using System.Text.Json;
using Sprig.IO;
using Sprig.Scheduling;
using Sprig.Testing;
using Xunit;
using static Sprig.Programs.Tests.ProgramRun;

namespace Sprig.Programs.Tests;

/// <summary>Gateway in virtual time: a simulated board, a simulated sensor on a real tty, clients on real sockets.</summary>
[Collection(ProcessCollection.Name)]
public sealed class GatewayTests : IDisposable
{
    private static readonly GatewaySettings s_settings = Settings.Read("gateway", ["--port", "0"], GatewaySettings.Read);
    private static readonly TimeSpan s_debounce = Seconds(0.005);

    private readonly SimulatedBoard _board = new();
    private readonly PluggedSensor _sensor = new();
    private readonly SocketListener _listener = SocketListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));

    public void Dispose()
    {
        _listener.Dispose();
        _sensor.Dispose();
    }

    [Fact]
    public void A_press_is_answered_by_an_LED_and_counted()
    {
        List<string> lines = [];
        Run(Seconds(4), async () =>
        {
            await Coroutine.Sleep(Seconds(1));
            _board.Pin(23).Press();
            await Coroutine.Sleep(Seconds(2));
            await ReadAsync(lines, 1);
        });
        _board.Pin(17).ShouldHaveToggledAt([.. Enumerable.Range(0, 6).Select(i => Seconds(1) + s_debounce + i * Seconds(0.1))]);
        Assert.Equal(1, Field(lines[0], "presses").GetInt32());
    }

    [Fact]
    public void A_contact_that_bounces_is_counted_once_a_press()
    {
        List<string> lines = [];
        Bounce bounce = new(Count: 5, Spacing: Seconds(0.001));
        Run(Seconds(8), async () =>
        {
            for (int i = 0; i < 3; i++)
            {
                await Coroutine.Sleep(Seconds(1));
                _board.Pin(23).Press(bounce: bounce);
                await Coroutine.Sleep(Seconds(1));
                _board.Pin(23).Release(bounce);
            }

            await Coroutine.Sleep(Seconds(1));
            await ReadAsync(lines, 1);
        });
        Assert.Equal(3, Field(lines[0], "presses").GetInt32());
    }

    [Fact]
    public void Clients_get_the_same_readings_and_counts()
    {
        List<string> one = [], other = [];
        Run(Seconds(7), async () =>
        {
            await Coroutine.Sleep(Seconds(1));
            Coroutine first = Coroutine.Spawn(() => ReadAsync(one, 4)), second = Coroutine.Spawn(() => ReadAsync(other, 4));
            await Coroutine.Sleep(Seconds(2));
            _board.Pin(23).Press();
            await Coroutine.JoinAll([first, second], raiseError: true);
        });
        Assert.Equal(one, other);
        Assert.Equal(
            [
                """{"time":"2000-01-01T00:00:00+00:00","co2":420,"presses":0}""",
                """{"time":"2000-01-01T00:00:02+00:00","co2":490,"presses":0}""",
                """{"time":"2000-01-01T00:00:03.005+00:00","co2":490,"presses":1}""",
                """{"time":"2000-01-01T00:00:04+00:00","co2":560,"presses":1}""",
            ],
            one);
    }

    [Fact]
    public void A_reading_is_shown_by_a_flash_and_too_much_by_the_alarm()
    {
        _sensor.Device.Co2 = 950;
        Run(Seconds(5));
        _board.Pin(27).ShouldHaveToggledAt(Seconds(0), Seconds(0.1), Seconds(2), Seconds(2.1), Seconds(4), Seconds(4.1));
        // 950, 1020, 1090; the end darkens it.
        _board.Pin(22).ShouldHaveToggledAt(Seconds(2), Seconds(5));
    }

    [Fact]
    public void A_sensor_that_is_unplugged_is_told_to_clients_and_found_again()
    {
        List<string> lines = [];
        string[] said = Run(Seconds(9), async () =>
        {
            Coroutine reading = Coroutine.Spawn(() => ReadAsync(lines, 5));
            await Coroutine.Sleep(Seconds(1));
            _sensor.Unplug();
            await Coroutine.Sleep(Seconds(4));
            _sensor.PlugAgain();
            await reading;
        });
        Assert.Equal(["null", "420", "null", "null", "420"], lines.Select(line => Field(line, "co2").GetRawText()));
        Assert.Contains($"There is no device {_sensor.Path}.", said);
        Assert.Contains($"an MH-Z19 on {_sensor.Path} answers.", said);
    }

    [Fact]
    public void A_client_that_goes_leaves_the_others_alone()
    {
        List<string> stays = [];
        string[] said = Run(Seconds(7), async () =>
        {
            Coroutine staying = Coroutine.Spawn(() => ReadAsync(stays, 4));
            await ReadAsync([], 1);
            await staying;
        });
        Assert.Equal(4, stays.Count);
        Assert.Contains(said, line => line.EndsWith("has gone", StringComparison.Ordinal));
    }

    [Fact]
    public void It_says_in_one_line_what_it_uses()
        => Assert.Equal([$"gateway: a simulated board, an MH-Z19 on {_sensor.Path}; readings at {_listener.LocalEndPoint}"], Run(Seconds(20)));

    [Fact]
    public void All_LEDs_are_dark_at_the_end_of_a_press()
    {
        _sensor.Device.Co2 = 1300;
        Run(Seconds(2.05), async () =>
        {
            await Coroutine.Sleep(Seconds(2));
            _board.Pin(23).Press();
        });
        Assert.All([17, 27, 22], line => Assert.NotEmpty(_board.ChangesOf(line)));
        Assert.All([17, 27, 22], line => Assert.False(_board[line]));
    }

    [Fact]
    public void A_chip_that_is_unplugged_ends_it_with_one_line()
    {
        TextWriter before = Console.Error;
        using StringWriter said = new();
        Console.SetError(said);
        try
        {
            Assert.Equal(BoardProgram.BadInput, BoardProgram.Run("gateway", ["--port", "0"], GatewaySettings.Read, async settings =>
            {
                using Mhz19 sensor = Mhz19.Open("sim", settings.Timeout);
                _ = Coroutine.Spawn(async () =>
                {
                    // In mid-flash.
                    while (!_board[17])
                        await Coroutine.Sleep(Seconds(0.001));
                    _board.Remove();
                });
                _ = Coroutine.Spawn(async () =>
                {
                    await Coroutine.Sleep(Seconds(0.05));
                    _board.Pin(23).Press();
                });
                await new Gateway(settings, _board, sensor, _listener).RunAsync();
            }));
        }
        finally
        {
            Console.SetError(before);
        }

        Assert.Contains("the device is gone", Assert.Single(said.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private string[] Run(TimeSpan length, Func<Task>? beside = null)
        => For(length, _board, async () =>
        {
            _sensor.Start();
            using Mhz19 sensor = Mhz19.Open(_sensor.Path, s_settings.Timeout);
            await new Gateway(s_settings, _board, sensor, _listener).RunAsync();
        }, beside);

    private async Task ReadAsync(List<string> into, int count)
    {
        using SocketStream client = await SocketStream.ConnectAsync(_listener.LocalEndPoint);
        LineReader lines = new(client);
        while (count-- > 0)
            into.Add((await lines.ReadLineAsync())!);
    }

    private static JsonElement Field(string line, string name) => JsonDocument.Parse(line).RootElement.GetProperty(name);
}
