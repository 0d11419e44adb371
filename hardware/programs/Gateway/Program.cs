using Sprig.Devices;
using Sprig.Hosting;
using Sprig.IO;
using Sprig.Programs;
using Sprig.Scheduling;
using Sprig.Supervision;
using Sprig.Synchronization;

return BoardProgram.Run("gateway", args, GatewaySettings.Read, async settings =>
{
    using GpioChip chip = Pins.Open(settings.Gpio);
    using Mhz19 sensor = Mhz19.Open(settings.Serial, settings.Timeout);
    using SocketListener listener = SocketListener.Listen(settings.Listen);
    Pins.PressWhereSimulated(chip, settings.Button, TimeSpan.FromSeconds(5));
    await new Gateway(settings, chip, sensor, listener).RunAsync();
});

/// <summary>A button, a sensor, LEDs, and what is to be told of them to any number of clients: all on one thread.</summary>
internal sealed class Gateway(GatewaySettings settings, GpioChip chip, Mhz19 sensor, SocketListener listener)
{
    private static readonly TimeSpan s_flash = TimeSpan.FromSeconds(0.1);
    private readonly Latest<Status> _status = new();

    internal async Task RunAsync()
    {
        using Led answer = new(chip, settings.Answer), alive = new(chip, settings.Alive), alarm = new(chip, settings.Alarm);
        using Button button = new(chip, settings.Button);
        Log.Say($"gateway: {Pins.Describe(chip)}, {sensor}; readings at {listener.LocalEndPoint}");
        Tell(co2: null, presses: 0);
        // One that fails ends the others; all LEDs are dark then.
        await CoroutineScope.RunAsync(async scope =>
        {
            _ = scope.Spawn(new LineServer<Status>(listener, _status, StatusContext.Default.Status).RunAsync);
            _ = scope.Spawn(() => MeasureAsync(alive, alarm));
            await foreach (ButtonEvent press in button.Pressed)
            {
                _ = answer.Blink(on: s_flash, off: s_flash, count: 3);
                Tell(_status.Value.Co2, _status.Value.Presses + 1);
                Log.Say($"press {_status.Value.Presses}", [("PRESSES", _status.Value.Presses)]);
            }
        });
    }

    private async Task MeasureAsync(Led alive, Led alarm)
    {
        // A watchdog bites when no question has come to its end for so long. No answer is an end too: the sensor may be unplugged.
        using Heartbeat heartbeat = Heartbeat.Expect("sensor", settings.Poll + settings.Timeout * 5);
        for (Ticker ticker = new(settings.Poll); ; await ticker.NextAsync())
        {
            int? co2 = await sensor.ReadAsync();
            _ = co2 is null ? null : alive.Blink(on: s_flash, count: 1);
            alarm.IsLit = co2 > settings.Limit;
            Tell(co2, _status.Value.Presses);
            heartbeat.Beat();
        }
    }

    private void Tell(int? co2, int presses) => _status.Set(new Status(CoroutineScheduler.Current.TimeProvider.GetUtcNow(), co2, presses));
}
