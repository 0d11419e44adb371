using Sprig.Cli.Pinout;
using Sprig.Devices.Boards;
using Sprig.IO;
using Sprig.Testing;
using Xunit;

namespace Sprig.Cli.Tests.Pinout;

[Collection(nameof(ConsoleCollection))]
public class PinoutTests
{
    private const int Wide = 1000;

    [Theory]
    [InlineData("pi5", "Raspberry Pi 5")]
    [InlineData("raspberry-pi-5", "Raspberry Pi 5")]
    [InlineData("Raspberry Pi 4", "Raspberry Pi 4")]
    [InlineData("3", "Raspberry Pi 3")]
    [InlineData("raspberrypizero2w", "Raspberry Pi Zero 2 W")]
    [InlineData("orange", "Orange Pi Zero 2W")]
    [InlineData("beaglebone", "BeagleBone Black")]
    public void A_board_is_found_by_a_part_of_its_name(string word, string name)
        => Assert.Equal(name, BoardChoice.Find(word).Name);

    [Theory]
    [InlineData("pinout toaster", "there is no board 'toaster'; known are beaglebone-black")]
    [InlineData("pinout -", "there is no board '-'")]
    [InlineData("pinout zero2w", "'zero2w' may be orange-pi-zero-2w or raspberry-pi-zero-2-w: say which")]
    [InlineData("pinout nosuch.json", "nosuch.json")]
    [InlineData("pinout", "this machine is no board that Sprig knows")]
    [InlineData("pinout pi5 --levels", "this machine is no Raspberry Pi 5")]
    [InlineData("pinout pi5 --chip gpiochip0", "--chip 'gpiochip0': wanted is sim")]
    [InlineData("pinout beaglebone --chip sim", "has 4 chips")]
    [InlineData("pinout pi5 pi4", "pi4")]
    public void Bad_input_is_one_line_and_exit_code_2(string arguments, string said)
        => ConsoleRun.AssertRefused(said, arguments.Split(' '));

    [Fact]
    public void A_pipe_gets_plain_text_with_every_pin()
    {
        (int code, string output, string error) = ConsoleRun.Of("pinout", "pi5");
        Assert.Equal("", error);
        Assert.Equal(0, code);
        Assert.DoesNotContain('\u001b', output);
        Assert.DoesNotContain('[', output);
        string[] lines = output.Split('\n');
        Assert.Equal("Raspberry Pi 5", lines[0]);
        Assert.Matches(@"^ +3V3   1\|2   5V$", lines[3]);
        Assert.Matches(@"^.*UART0 RTS.* GPIO17  11\|12  GPIO18 .*PWM0 2.*$", lines[8]);
        Assert.Matches(@"GND  39\|40  GPIO21 ", lines[22]);
    }

    [Fact]
    public void A_board_with_two_headers_gets_both()
    {
        (_, string output, _) = ConsoleRun.Of("pinout", "beaglebone");
        Assert.Contains("P8: pin 1 of it is P8_1", output, StringComparison.Ordinal);
        Assert.Contains("P9: pin 1 of it is P9_1", output, StringComparison.Ordinal);
        Assert.Equal(2, output.Split('\n').Count(line => line.Contains("45|46", StringComparison.Ordinal)));
    }

    [Fact]
    public void Holders_and_levels_are_shown_and_nothing_is_disturbed()
    {
        using SimulatedBoard chip = new();
        using Board board = Board.On(chip, BoardMap.Known.Single(map => map.Id == "raspberry-pi-5"));
        chip.Drive(27, true);
        using GpioOutput led = chip.OpenOutput(17, new GpioOutputOptions { InitialLevel = true, Consumer = "blinker" });
        int changes = chip.Changes.Count;
        Dictionary<string, PinState> states = PinStates.Of(board, levels: true);
        Assert.Equal(new PinState("blinker", ""), states["P11"]);
        Assert.Equal(new PinState("", "1"), states["P13"]);
        Assert.Equal(new PinState("", "0"), states["P15"]);
        Assert.Equal(new PinState("", ""), states["P27"]);
        Assert.DoesNotContain("P1", states.Keys);
        Assert.Equal(changes, chip.Changes.Count);
        Assert.Equal(1, chip.HeldLines);
        Assert.All(PinStates.Of(board, levels: false).Values, state => Assert.Equal("", state.Level));
        Assert.Contains(new PinoutPicture(board.Map, states, Wide).PlainLines(), line => line.Contains("blinker", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(60)]
    [InlineData(120)]
    [InlineData(10)]
    public void A_narrow_terminal_loses_functions_not_pins(int width)
    {
        BoardMap map = BoardChoice.Find("pi5");
        Dictionary<string, PinState> states = new() { ["P11"] = new PinState("blinker", ""), ["P13"] = new PinState("", "1") };
        string[] lines = [.. new PinoutPicture(map, states, width).PlainLines()];
        Assert.All(lines, line => Assert.True(line.Length <= Math.Max(width, 45), $"{line.Length}: {line}"));
        Assert.Contains(lines, line => line.Contains("blinker   GPIO17  11|12  GPIO18", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains(" 1 GPIO27  13|14", StringComparison.Ordinal));
    }

    [Fact]
    public void The_coloured_picture_is_right_markup()
    {
        foreach (BoardMap map in BoardMap.Known)
            Assert.All(new PinoutPicture(map, new Dictionary<string, PinState>(), 120).Lines(), line => _ = new Spectre.Console.Markup(line));
    }
}
