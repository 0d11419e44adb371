using Sprig.IO;
using Sprig.Scheduling;
using Sprig.Testing;
using Xunit;
using static Sprig.Programs.Tests.ProgramRun;

namespace Sprig.Programs.Tests;

[Collection(ProcessCollection.Name)]
public class PinsTests
{
    [Fact]
    public void Where_the_pins_are_simulated_somebody_presses_the_button()
    {
        SimulatedBoard board = new();
        board.Pin(23).Pull(GpioBias.PullUp);
        For(Seconds(6), board, async () =>
        {
            Pins.PressWhereSimulated(board, 23, Seconds(2.5));
            await Coroutine.Sleep(Timeout.InfiniteTimeSpan);
        });
        board.Pin(23).ShouldHaveBeenLowFor(Seconds(0.2), Seconds(0.2));
    }

    [Fact]
    public void Simulated_pins_say_that_they_are() => Assert.Equal("a simulated board", Pins.Describe(Pins.Open("sim")));

    [Fact]
    public void Auto_is_the_board_s_chip_or_a_simulated_one()
    {
        using GpioChip? board = GpioChip.OpenBoard();
        using GpioChip chip = Pins.Open("auto");
        Assert.Equal(board is null ? "a simulated board" : $"{board.Label} ({board.Name})", Pins.Describe(chip));
    }

    [Fact]
    public void A_chip_that_is_not_there_is_told()
        => Assert.Contains("no-such-chip", Assert.Throws<FileNotFoundException>(() => Pins.Open("no-such-chip")).Message, StringComparison.Ordinal);
}
