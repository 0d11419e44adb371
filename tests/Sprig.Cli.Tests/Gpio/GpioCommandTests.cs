using Xunit;

namespace Sprig.Cli.Tests.Gpio;

/// <summary>The commands as they are typed, on a simulated board; bad input is one line on standard error and exit code 2.</summary>
[Collection(nameof(ConsoleCollection))]
public class GpioCommandTests
{
    [Theory]
    [InlineData("get", "sprig gpio get --help")]
    [InlineData("get GPIO99 --chip sim", "Raspberry Pi 5 has no pin 'GPIO99'; near are GPIO9")]
    [InlineData("get P1 --chip sim", "P1 of the Raspberry Pi 5 is 3V3 power")]
    [InlineData("get P6 --chip sim", "is ground")]
    [InlineData("get 17 P11 --chip sim", "GPIO17 is there twice")]
    [InlineData("get 17 --chip nosuch", "There is no GPIO chip 'nosuch'")]
    [InlineData("get 17 --chip /dev/gpiochip99", "There is no GPIO chip /dev/gpiochip99")]
    [InlineData("get 17 --chip /dev/null", "/dev/null is no GPIO chip")]
    [InlineData("get 17", "this machine is no board that Sprig knows")]
    [InlineData("get 17 --chip sim --bias up", "--bias 'up': wanted is as-is, none, pull-up, pull-down")]
    [InlineData("set", "sprig gpio set --help")]
    [InlineData("set 17 --chip sim", "'17': wanted is a pin and its level")]
    [InlineData("set 17=2 --chip sim", "'17=2': wanted is a pin and its level")]
    [InlineData("set =1 --chip sim", "'=1': wanted is a pin and its level")]
    [InlineData("set 17= --chip sim", "'17=': wanted is a pin and its level")]
    [InlineData("set 17=1 GPIO17=0 --chip sim", "GPIO17 is there twice")]
    [InlineData("set P27=1 --chip sim", "kept for the EEPROM")]
    [InlineData("set 17=1 --chip sim --for -1", "--for '-1'")]
    [InlineData("set 17=1 --chip sim --for soon", "--for 'soon'")]
    [InlineData("set 17=1 --chip sim --for 1,5", "--for '1,5'")]
    [InlineData("set 17=1 --chip sim --safe 2", "--safe '2': wanted is 0, 1 or keep")]
    [InlineData("set 17=1 --chip sim --drive hard", "--drive 'hard': wanted is push-pull, open-drain, open-source")]
    [InlineData("watch", "sprig gpio watch --help")]
    [InlineData("watch 17 17 --chip sim", "GPIO17 is there twice")]
    [InlineData("watch 17 --chip sim --edges all", "--edges 'all': wanted is both, rising, falling")]
    [InlineData("watch 17 --chip sim --count -1", "--count '-1'")]
    [InlineData("watch 17 --chip sim --seconds never", "--seconds 'never'")]
    [InlineData("watch 17 --chip sim --debounce -5", "--debounce '-5'")]
    [InlineData("watch 17 --chip sim --debounce 1000000", "--debounce '1000000'")]
    [InlineData("blink", "sprig gpio blink --help")]
    [InlineData("blink 17 18 --chip sim", "18")]
    [InlineData("blink LED --chip sim", "has no pin 'LED'")]
    [InlineData("blink 17 --chip sim --on 0", "--on '0'")]
    [InlineData("blink 17 --chip sim --off -1", "--off '-1'")]
    [InlineData("blink 17 --chip sim --count often", "--count 'often'")]
    [InlineData("list --chip nosuch", "There is no GPIO chip 'nosuch'")]
    [InlineData("list 5", "5")]
    [InlineData("info nosuch", "There is no GPIO chip 'nosuch'")]
    [InlineData("info /dev/null", "/dev/null is no GPIO chip")]
    [InlineData("", "sprig gpio --help")]
    [InlineData("bogus", "bogus")]
    public void Bad_input_is_one_line_and_exit_code_2(string arguments, string said)
        => ConsoleRun.AssertRefused(said, Words(arguments));

    [Theory]
    [InlineData("a pin's name is empty", "get", "", "--chip", "sim")]
    [InlineData("a pin's name is empty", "blink", " ", "--chip", "sim")]
    [InlineData("--chip '': wanted is sim, or a chip's path", "get", "17", "--chip", "")]
    public void An_empty_word_is_told(string said, params string[] arguments)
    {
        (int code, _, string error) = ConsoleRun.Of(["gpio", .. arguments]);
        Assert.Equal(2, code);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public void List_shows_each_line_once_and_info_each_chip()
    {
        (int code, string list, _) = Run("list --chip sim");
        Assert.Equal(0, code);
        string[] lines = list.TrimEnd('\n').Split('\n');
        Assert.Equal("simulated (simulated board): 28 lines", lines[0]);
        Assert.Equal(29, lines.Length);
        Assert.Equal("   17  GPIO17  input   -", lines[18]);
        (code, string info, _) = Run("info sim");
        Assert.Equal(0, code);
        Assert.Equal("simulated (simulated board): 28 lines, 0 held\n", info);
    }

    [Fact]
    public void Get_reads_pins_by_name_place_and_line()
    {
        (int code, string output, string error) = Run("get GPIO17 P13 22 --chip sim --bias pull-up");
        Assert.Equal("", error);
        Assert.Equal(0, code);
        Assert.Equal("GPIO17=1\nGPIO27=1\nGPIO22=1\n", output);
        Assert.Equal("GPIO17=0\n", Run("get 17 --chip sim --bias pull-up --active-low").Output);
    }

    [Fact]
    public void A_chip_that_is_no_gpio_chip_leaves_nothing_open()
        => OpenDescriptors.AssertNoneLeakedBy(() => Run("get 17 --chip /dev/null"));

    private static (int Code, string Output, string Error) Run(string arguments)
        => ConsoleRun.Of(Words(arguments));

    private static string[] Words(string arguments) => ["gpio", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
}
