using Sprig.IO;
using Xunit;

namespace Sprig.Tests.IO;

public class GpioChipTests
{
    [Fact]
    public void An_unknown_label_lists_the_chips_that_there_are()
    {
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() => GpioChip.Open("pinctrl-nowhere"));
        Assert.StartsWith("There is no GPIO chip 'pinctrl-nowhere'; ", error.Message, StringComparison.Ordinal);
        AssertLists(error.Message);
    }

    [Fact]
    public void An_unknown_path_lists_the_chips_that_there_are()
    {
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() => GpioChip.Open("/dev/gpiochip99"));
        Assert.StartsWith("There is no GPIO chip /dev/gpiochip99; ", error.Message, StringComparison.Ordinal);
        AssertLists(error.Message);
    }

    [Fact]
    public void A_device_that_is_no_chip_says_so()
        => Assert.Equal("/dev/null is no GPIO chip.", Assert.Throws<IOException>(() => GpioChip.Open("/dev/null")).Message);

    [Fact]
    public void A_file_that_is_no_chip_says_so()
    {
        string path = Path.GetTempFileName();
        try
        {
            Assert.Equal($"{path} is no GPIO chip.", Assert.Throws<IOException>(() => GpioChip.Open(path)).Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_folder_is_an_error_that_names_it()
        => Assert.Contains("/dev/", Assert.Throws<IOException>(() => GpioChip.Open("/dev/")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void No_name_is_a_mistake_of_the_caller(string? name)
        => Assert.ThrowsAny<ArgumentException>(() => GpioChip.Open(name!));

    [Fact]
    public void The_chips_are_listed_once_each_and_in_order()
    {
        string[] paths = [.. GpioChip.List().Select(chip => chip.Path)];
        Assert.Equal(paths.Distinct(), paths);
        Assert.All(paths, path => Assert.StartsWith("/dev/gpiochip", path, StringComparison.Ordinal));
    }

    [Fact]
    public void The_board_is_found_by_its_label_or_there_is_none()
    {
        string[] boards = ["pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835"];
        bool isBoard = GpioChip.List().Any(chip => boards.Contains(chip.Label));
        using GpioChip? board = GpioChip.OpenBoard();
        Assert.Equal(isBoard, board is not null);
    }

    private static void AssertLists(string message)
    {
        IReadOnlyList<GpioChipInfo> chips = GpioChip.List();
        if (chips.Count == 0)
            Assert.EndsWith("; this machine has none.", message, StringComparison.Ordinal);
        Assert.All(chips, chip => Assert.Contains($"{chip.Path} ({chip.Label})", message, StringComparison.Ordinal));
    }
}
