using System.CommandLine;
using Sprig.Devices.Boards;
using Sprig.Devices.Buses;
using Sprig.Scheduling;

namespace Sprig.Cli.I2c;

/// <summary><c>sprig i2c</c>.</summary>
internal static class I2cCommand
{
    internal static Command Create() => new("i2c", "I2C buses.") { Scan() };

    private static Command Scan()
    {
        Argument<string?> bus = new("bus") { Description = "Its number, or its path; the board's own when it is left out.", DefaultValueFactory = _ => null };
        Command command = new("scan", "Asks every address whether somebody answers, and draws the grid.") { bus };
        command.SetAction(parsed => UserError.Run("sprig i2c scan", () =>
        {
            int number = I2cScan.Choose(parsed.GetValue(bus), I2cScan.Present(), BoardMap.OfThisMachine());
            using SprigI2cBus opened = SprigI2cBus.Create(number);
            CoroutineScheduler.Run(() => I2cScan.RunAsync(Console.Out, opened));
        }));
        return command;
    }
}
