using Sprig.IO;
using Sprig.Scheduling;
using Sprig.Testing;

namespace Sprig.Programs;

/// <summary>The pins that a program runs on: a board's, or simulated ones.</summary>
public static class Pins
{
    /// <summary>What the setting "gpio" may be.</summary>
    public const string Wanted = "auto, sim, or a chip: its path, name or label";

    private static readonly TimeSpan s_press = TimeSpan.FromSeconds(0.2);

    /// <summary>Opens a chip.</summary>
    /// <param name="gpio">auto: the board's, a simulated one where there is none; sim: a simulated one; or a chip's path, name or label.</param>
    /// <exception cref="IOException">There is no such chip.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission; the message says which group.</exception>
    public static GpioChip Open(string gpio) => gpio switch
    {
        "auto" => GpioChip.OpenBoard() ?? new SimulatedBoard(),
        "sim" => new SimulatedBoard(),
        _ => GpioChip.Open(gpio),
    };

    /// <summary>"pinctrl-rp1 (gpiochip0)", or that it is simulated.</summary>
    public static string Describe(GpioChip chip)
    {
        ArgumentNullException.ThrowIfNull(chip);
        return chip is SimulatedBoard ? "a simulated board" : $"{chip.Label} ({chip.Name})";
    }

    /// <summary>Where the chip is simulated somebody has to press the button: this does, now and then, until main returns.</summary>
    /// <param name="chip">Nothing is done where it is a real one.</param>
    /// <param name="line">The button's, between the line and ground.</param>
    /// <param name="period">The time between two presses.</param>
    public static void PressWhereSimulated(GpioChip chip, int line, TimeSpan period)
    {
        if (chip is SimulatedBoard board)
            _ = Coroutine.Spawn(() => PressAsync(board.Pin(line), period), new SpawnOptions { Name = "a finger", Daemon = DaemonRule.UntilMainReturns });
    }

    private static async Task PressAsync(SimulatedPin button, TimeSpan period)
    {
        for (Ticker ticker = new(period); ;)
        {
            await ticker.NextAsync();
            button.Press();
            await Coroutine.Sleep(s_press);
            button.Release();
        }
    }
}
