using System.Runtime.Versioning;
using Sprig.IO;
using Sprig.Linux;
using Sprig.Testing;
using Sprig.Tests.Linux;
using Xunit;

namespace Sprig.Tests.IO;

[SupportedOSPlatform("linux")]
public sealed class GpioChipListTests : IDisposable
{
    private readonly DirectoryInfo _devices = Directory.CreateTempSubdirectory("sprig-chips");

    public void Dispose() => _devices.Delete(recursive: true);

    [Fact]
    public void Links_to_one_device_count_once_and_what_is_no_device_not_at_all()
    {
        Link("gpiochip4", "/dev/null");
        Link("gpiochip0", "/dev/null");
        Link("gpiochip10", "/dev/zero");
        Link("gpiochip2", "/dev/full");
        Link("gpiochip3", "/dev/nowhere");
        Link("gpiochip", "/dev/null");
        Link("gpio5", "/dev/random");
        File.WriteAllText(Path.Combine(_devices.FullName, "gpiochip7"), "");
        Directory.CreateDirectory(Path.Combine(_devices.FullName, "gpiochip8"));
        List<GpioChipInfo> chips = KernelGpioChip.ListIn(_devices.FullName);
        Assert.Equal(["gpiochip0", "gpiochip2", "gpiochip10"], chips.Select(chip => chip.Name));
        Assert.All(chips, chip => Assert.Equal(("", 0), (chip.Label, chip.LineCount)));
    }

    [Fact]
    public void Devices_are_told_apart_by_their_numbers()
    {
        Assert.Equal((1ul << 32) | 3, DeviceAccess.NumberOf("/dev/null"));
        Assert.NotEqual(DeviceAccess.NumberOf("/dev/null"), DeviceAccess.NumberOf("/dev/zero"));
        Assert.Null(DeviceAccess.NumberOf("/etc/passwd"));
        Assert.Null(DeviceAccess.NumberOf("/nowhere"));
    }

    [Fact]
    public void A_label_that_is_not_found_while_a_chip_may_not_be_opened_is_a_matter_of_permission()
    {
        // A file stands for the device: who may not open it is refused before the kernel looks at what it is.
        string path = Path.Combine(_devices.FullName, "gpiochip0");
        File.WriteAllText(path, "");
        File.SetUnixFileMode(path, UnixFileMode.None);
        GpioChipInfo hidden = new(path, "gpiochip0", "", 0);
        UnprivilegedThread.Run(() =>
        {
            Exception error = GpioChip.Unknown("300b000.pinctrl", [hidden]);
            Assert.IsType<UnauthorizedAccessException>(error);
            Assert.StartsWith($"Which GPIO chip is '300b000.pinctrl' can't be told. No permission to open {path}", error.Message, StringComparison.Ordinal);
        });
        Assert.IsType<FileNotFoundException>(GpioChip.Unknown("nosuch", [hidden with { Label = "pinctrl-rp1" }]));
        Assert.IsType<FileNotFoundException>(GpioChip.Unknown("nosuch", [hidden with { Path = "/dev/null" }]));
    }

    [Fact]
    public void A_line_is_found_by_its_name()
    {
        using SimulatedBoard board = new();
        Assert.Equal(17, board.FindLine("GPIO17"));
    }

    [Fact]
    public void A_name_that_is_nearly_right_is_answered_with_those_near_it()
    {
        using SimulatedBoard board = new();
        ArgumentException error = Assert.Throws<ArgumentException>(() => board.FindLine("gpio17"));
        Assert.StartsWith("simulated (simulated board) has no line 'gpio17'; near it are GPIO17, ", error.Message, StringComparison.Ordinal);
        Assert.Contains("GPIO22", Assert.Throws<ArgumentException>(() => board.FindLine("GPIO222")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => board.FindLine(""));
    }

    [Fact]
    public void A_name_that_two_lines_have_is_no_name()
    {
        using SimulatedBoard board = new();
        board.Rename(3, "SDA");
        board.Rename(9, "SDA");
        Assert.Contains("has 2 lines 'SDA': 3, 9", Assert.Throws<ArgumentException>(() => board.FindLine("SDA")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chip_without_names_says_so()
    {
        using SimulatedBoard board = new(lineCount: 4, name: "gpiochip2", label: "mcp23008");
        for (int line = 0; line < 4; line++)
            board.Rename(line, "");
        Assert.StartsWith(
            "The lines of gpiochip2 (mcp23008) have no names: take 'GPIO1' by its number, 0 to 3.",
            Assert.Throws<ArgumentException>(() => board.FindLine("GPIO1")).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("GPIO17", "gpio17", 0)]
    [InlineData("GPIO17", "GPIO7", 1)]
    [InlineData("GPIO17", "GPIO18", 1)]
    [InlineData("abc", "", 3)]
    [InlineData("kitten", "sitting", 3)]
    public void Names_are_as_far_apart_as_letters_have_to_be_changed(string one, string other, int distance)
    {
        Assert.Equal(distance, NameDistance.Between(one, other));
        Assert.Equal(distance, NameDistance.Between(other, one));
    }

    private void Link(string name, string target) => File.CreateSymbolicLink(Path.Combine(_devices.FullName, name), target);
}
