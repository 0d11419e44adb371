using Sprig.Cli.I2c;
using Sprig.Devices.Boards;
using Sprig.Devices.Buses;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Cli.Tests.I2c;

[Collection(nameof(ConsoleCollection))]
public class I2cScanTests
{
    [Fact]
    public void The_grid_shows_who_answers()
    {
        using StringWriter output = new();
        using SprigI2cBus bus = new(new ScriptedI2cBus(0x08, 0x3c, 0x76, 0x77));
        CoroutineScheduler.Run(() => I2cScan.RunAsync(output, bus));
        Assert.Equal(
            """
                 0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f
            00:                         08 -- -- -- -- -- -- --
            10: -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- --
            20: -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- --
            30: -- -- -- -- -- -- -- -- -- -- -- -- 3c -- -- --
            40: -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- --
            50: -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- --
            60: -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- --
            70: -- -- -- -- -- -- 76 77
            4 found

            """,
            output.ToString());
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("/dev/i2c-22", 22)]
    public void A_bus_is_told_by_number_or_path(string word, int number)
        => Assert.Equal(number, I2cScan.Choose(word, [], null));

    [Fact]
    public void Without_a_word_it_is_the_board_s_own_or_the_only_one()
    {
        BoardMap bone = BoardMap.Known.Single(map => map.Id == "beaglebone-black");
        Assert.Equal(2, I2cScan.Choose(null, ["/dev/i2c-0", "/dev/i2c-2"], bone));
        Assert.Equal(7, I2cScan.Choose(null, ["/dev/i2c-7"], null));
    }

    [Fact]
    public void Several_buses_are_listed()
        => Assert.Contains(
            "say which of /dev/i2c-0, /dev/i2c-7",
            Assert.Throws<ArgumentException>(() => I2cScan.Choose(null, ["/dev/i2c-0", "/dev/i2c-7"], null)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("i2c scan x", "'x' is no I2C bus")]
    [InlineData("i2c scan -- -1", "'-1' is no I2C bus")]
    [InlineData("i2c scan /dev/i2c-", "'/dev/i2c-' is no I2C bus")]
    [InlineData("i2c scan 987", "There is no /dev/i2c-987")]
    [InlineData("i2c scan 1 2", "2")]
    [InlineData("i2c", "sprig i2c --help")]
    public void Bad_input_is_one_line_and_exit_code_2(string arguments, string said)
        => ConsoleRun.AssertRefused(said, arguments.Split(' '));

    [Fact]
    public void A_machine_without_a_bus_says_so()
        => Assert.Contains(
            "has no I2C bus",
            Assert.Throws<ArgumentException>(() => I2cScan.Choose(null, [], null)).Message,
            StringComparison.Ordinal);
}
