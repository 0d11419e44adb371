using Sprig.Devices.Boards;
using Sprig.IO;
using Sprig.Testing;
using Xunit;

namespace Sprig.Devices.Tests.Boards;

public class BoardTests
{
    private static readonly BoardMap s_pi = BoardMap.Known.Single(map => map.Id == "raspberry-pi-5");
    private static readonly BoardMap s_bone = BoardMap.Known.Single(map => map.Id == "beaglebone-black");

    [Fact]
    public void Pins_are_opened_by_name_and_by_place()
    {
        using SimulatedBoard chip = new();
        using Board board = Board.On(chip, s_pi);
        using GpioOutput led = board.OpenOutput("P11", new GpioOutputOptions { InitialLevel = true, Consumer = "test" });
        using GpioInput button = board.OpenInput("GPIO22", new GpioInputOptions { Bias = GpioBias.PullUp });
        Assert.True(chip[17]);
        Assert.True(button.Read());
        Assert.Equal("test", board.GetLineInfo("17").Consumer);
        Assert.True(board.GetLineInfo("GPIO17").IsOutput);
    }

    [Theory]
    [InlineData("P1", "P1 of the Raspberry Pi 5 is 3V3 power")]
    [InlineData("P2", "is 5V power")]
    [InlineData("P6", "is ground")]
    [InlineData("P27", "GPIO0, kept for the EEPROM of add-on boards")]
    [InlineData("GPIO1", "kept for the EEPROM")]
    [InlineData("GPIO99", "has no pin 'GPIO99'")]
    public void A_pin_that_is_no_free_line_says_what_it_is(string pin, string said)
    {
        using SimulatedBoard chip = new();
        using Board board = Board.On(chip, s_pi);
        Assert.Contains(said, Assert.Throws<ArgumentException>(() => board.OpenOutput(pin)).Message, StringComparison.Ordinal);
        Assert.Contains(said, Assert.Throws<ArgumentException>(() => board.OpenInput(pin)).Message, StringComparison.Ordinal);
        Assert.Equal(0, chip.HeldLines);
    }

    [Theory]
    [InlineData("P9_9", "PWR_BUT, a control pin")]
    [InlineData("P9_39", "AIN0, an analog input")]
    [InlineData("P9_34", "AGND, a ground")]
    public void The_beaglebone_s_other_pins_say_what_they_are(string pin, string said)
    {
        using Board board = new(s_bone, _ => new SimulatedBoard(32), systemRoot: null, ownsChips: true);
        Assert.Contains(said, Assert.Throws<ArgumentException>(() => board.OpenOutput(pin)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_is_held_says_by_whom()
    {
        using SimulatedBoard chip = new();
        using Board board = Board.On(chip, s_pi);
        using GpioOutput first = board.OpenOutput("P11", new GpioOutputOptions { Consumer = "somebody" });
        Assert.Contains("somebody", Assert.Throws<IOException>(() => board.OpenInput("P11")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_drives_open_outputs_to_their_safe_level_and_gives_all_lines_back()
    {
        using SimulatedBoard chip = new();
        Board board = Board.On(chip, s_pi);
        GpioOutput led = board.OpenOutput("P11", new GpioOutputOptions { InitialLevel = true });
        board.OpenOutput("P13", new GpioOutputOptions { SafeLevel = true });
        board.OpenInput("P15");
        board.Dispose();
        board.Dispose();
        Assert.True(led.IsDisposed);
        Assert.False(chip[17]);
        Assert.True(chip[27]);
        Assert.Equal(0, chip.HeldLines);
        Assert.Throws<ObjectDisposedException>(() => board.OpenOutput("P11"));
    }

    [Fact]
    public void A_line_that_ends_badly_keeps_no_other_from_its_safe_level()
    {
        using SimulatedBoard chip = new();
        Board board = Board.On(chip, s_pi);
        board.OpenOutput("P11", new GpioOutputOptions { InitialLevel = true });
        board.OpenOutput("P13", new GpioOutputOptions { InitialLevel = true });
        chip.Changed += static change =>
        {
            if (change.Line == 17)
                throw new InvalidOperationException("a handler that fails");
        };
        Assert.Throws<AggregateException>(board.Dispose);
        Assert.Equal((false, false), (chip[17], chip[27]));
        Assert.Equal(0, chip.HeldLines);
    }

    [Fact]
    public void A_line_can_be_opened_again_once_it_was_given_back()
    {
        using SimulatedBoard chip = new();
        Board board = Board.On(chip, s_pi);
        for (int i = 0; i < 100; i++)
            board.OpenOutput("P11", new GpioOutputOptions { InitialLevel = true }).Dispose();
        board.OpenInput("P11");
        board.Dispose();
        Assert.Equal(0, chip.HeldLines);
    }

    [Fact]
    public void Each_chip_is_opened_once_at_its_first_pin()
    {
        List<string> opened = [];
        Dictionary<string, SimulatedBoard> chips = [];
        using Board board = new(
            s_bone,
            chip =>
            {
                opened.Add(chip.Id);
                return chips[chip.Id] = new SimulatedBoard(32);
            },
            systemRoot: null,
            ownsChips: true);
        Assert.Empty(opened);
        board.OpenOutput("P9_12", new GpioOutputOptions { InitialLevel = true });
        board.OpenOutput("P9_23");
        board.OpenInput("P9_30");
        Assert.Equal(["gpio1", "gpio3"], opened);
        Assert.True(chips["gpio1"][28]);
        Assert.Equal(2, chips["gpio1"].HeldLines);
    }

    [Fact]
    public void One_chip_is_not_enough_for_a_board_that_has_several()
    {
        using SimulatedBoard chip = new();
        Assert.Contains("gpio0, gpio1, gpio2, gpio3", Assert.Throws<ArgumentException>(() => Board.On(chip, s_bone)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pin_that_a_bus_has_says_which_and_how_to_go_on()
    {
        using MachineRoot root = new("raspberrypi,5-model-b\0");
        root.Write("dev/i2c-1");
        using SimulatedBoard chip = new();
        using Board board = new(s_pi, _ => chip, root.Path, ownsChips: false);
        IOException e = Assert.Throws<IOException>(() => board.OpenOutput("P3"));
        Assert.Contains("GPIO2 (P3) of the Raspberry Pi 5 is taken by I2C1: /dev/i2c-1 is there", e.Message, StringComparison.Ordinal);
        Assert.Contains("line 2 of the chip 'pinctrl-rp1' by GpioChip.Open", e.Message, StringComparison.Ordinal);
        Assert.Equal("I2C1", board.BusOf("GPIO3")?.Name);
        Assert.Null(board.BusOf("GPIO10"));
        using GpioOutput free = board.OpenOutput("GPIO10");
    }

    [Fact]
    public void The_emmc_of_a_beaglebone_has_its_pins_while_its_device_is_there()
    {
        using MachineRoot root = new("ti,am335x-bone-black\0");
        using Board board = new(s_bone, _ => new SimulatedBoard(32), root.Path, ownsChips: true);
        Assert.Null(board.BusOf("P8_3"));
        Directory.CreateDirectory(Path.Combine(root.Path, "sys/bus/platform/devices/481d8000.mmc"));
        Assert.Equal("eMMC", board.BusOf("P8_3")?.Name);
    }

    [Theory]
    [InlineData("acme,toaster\0acme,soc\0", "This machine (acme,toaster, acme,soc) is no board that Sprig knows")]
    [InlineData("", "This machine has no device tree")]
    public void A_machine_that_is_no_known_board_says_which_are_known_and_how_to_go_on(string compatible, string said)
    {
        using MachineRoot root = new(compatible);
        PlatformNotSupportedException e = Assert.Throws<PlatformNotSupportedException>(() => Board.Open(root.Path));
        Assert.StartsWith(said, e.Message, StringComparison.Ordinal);
        Assert.Contains("Raspberry Pi 5", e.Message, StringComparison.Ordinal);
        Assert.Contains("Board.Load", e.Message, StringComparison.Ordinal);
        Assert.Contains("GpioChip.Open", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_known_board_whose_chip_is_not_there_says_so_at_the_first_pin()
    {
        using MachineRoot root = new("raspberrypi,5-model-b\0");
        using Board board = Board.Open(root.Path);
        Assert.Equal("Raspberry Pi 5", board.Map.Name);
        Assert.Contains("pinctrl-rp1", Assert.Throws<FileNotFoundException>(() => board.OpenOutput("P11")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chip_is_found_by_its_device_whatever_its_number()
    {
        using MachineRoot root = new("ti,am335x-bone-black\0");
        root.AddChip("gpiochip0", "4804c000.gpio");
        root.AddChip("gpiochip3", "44e07000.gpio");
        Assert.Equal("gpiochip3", Board.NameOfDevice("44e07000.gpio", root.Path));
        Assert.Equal("gpiochip0", Board.NameOfDevice("4804c000.gpio", root.Path));
        Assert.Null(Board.NameOfDevice("481ac000.gpio", root.Path));
        using Board board = Board.Open(root.Path);
        Assert.Contains("481ac000.gpio", Assert.Throws<FileNotFoundException>(() => board.OpenOutput("P8_7")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_board_of_a_file_is_opened_like_a_known_one()
    {
        using Board board = Board.Load(Path.Combine(BoardFiles.Folder, "orange-pi-zero-2w.json"));
        Assert.Equal(269, board.Find("P7").Line);
    }
}
