using Sprig.Hosting;
using Sprig.IO;
using Sprig.IO.Ports;
using Sprig.Scheduling;

return CoroutineProgram.Run(async () =>
{
    using GpioChip chip = GpioChip.OpenBoard() ?? throw new IOException("This machine has no GPIO header.");
    SpawnOptions daemon = new() { Daemon = DaemonRule.UntilMainReturns };
    _ = Coroutine.Spawn(() => BlinkAsync(chip, 17, TimeSpan.FromMilliseconds(250)), daemon);
    _ = Coroutine.Spawn(() => BlinkAsync(chip, 27, TimeSpan.FromMilliseconds(400)), daemon);
    using SerialPort port = SerialPort.Open("/dev/ttyUSB0", baudRate: 9600);
    while (await port.ReadLineAsync() is { } line)
        Console.WriteLine(line);
});

static async Task BlinkAsync(GpioChip chip, int line, TimeSpan period)
{
    using GpioOutput led = chip.OpenOutput(line);
    for (Ticker ticker = new(period); ; led.Toggle())
        await ticker.NextAsync();
}
