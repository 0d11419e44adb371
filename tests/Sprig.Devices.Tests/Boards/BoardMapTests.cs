using Sprig.Devices.Boards;
using Xunit;

namespace Sprig.Devices.Tests.Boards;

public class BoardMapTests
{
    private static readonly BoardMap s_pi = BoardMap.Known.Single(map => map.Id == "raspberry-pi-5");
    private static readonly BoardMap s_bone = BoardMap.Known.Single(map => map.Id == "beaglebone-black");
    private static readonly BoardMap s_orange = BoardMap.Known.Single(map => map.Id == "orange-pi-zero-2w");

    [Theory]
    [InlineData("GPIO17", 11)]
    [InlineData("gpio17", 11)]
    [InlineData(" GPIO17 ", 11)]
    [InlineData("GPIO017", 11)]
    [InlineData("P11", 11)]
    [InlineData("p11", 11)]
    [InlineData("17", 11)]
    [InlineData("11", 23)]
    [InlineData("P1", 1)]
    [InlineData("P40", 40)]
    [InlineData("0", 27)]
    public void A_pin_is_found_by_name_place_and_line(string name, int number)
        => Assert.Equal(number, s_pi.Find(name).Number);

    [Theory]
    [InlineData("P8_3", "GPIO1_6")]
    [InlineData("P8_03", "GPIO1_6")]
    [InlineData("p8.3", "GPIO1_6")]
    [InlineData("GPIO1_6", "GPIO1_6")]
    [InlineData("P9_42", "GPIO0_7")]
    [InlineData("P9_9", "PWR_BUT")]
    public void The_beaglebone_s_names_are_its_own(string name, string line)
        => Assert.Equal(line, s_bone.Find(name).Name);

    [Theory]
    [InlineData("PC12", 76)]
    [InlineData("P7", 269)]
    [InlineData("269", 269)]
    [InlineData("PI13", 269)]
    public void The_orange_pi_s_names_are_its_own(string name, int line)
        => Assert.Equal(line, s_orange.Find(name).Line);

    [Theory]
    [InlineData("GPIO71", "GPIO7")]
    [InlineData("GPIO28", "GPIO27")]
    [InlineData("P41", "P40")]
    [InlineData("IO17", "GPIO17")]
    public void A_pin_that_the_board_lacks_is_told_with_near_names(string name, string near)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => s_pi.Find(name));
        Assert.Contains($"Raspberry Pi 5 has no pin '{name}'", e.Message, StringComparison.Ordinal);
        Assert.Contains(near, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("28")]
    [InlineData("-1")]
    [InlineData("LED")]
    [InlineData("99999999999999999999")]
    [InlineData("P")]
    public void A_pin_that_is_near_to_nothing_is_told_with_how_pins_are_named(string name)
        => Assert.Contains("told by its name, GPIO2, by its place, P3", Assert.Throws<ArgumentException>(() => s_pi.Find(name)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_number_is_no_name_on_a_board_with_several_chips()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => s_bone.Find("6"));
        Assert.DoesNotContain("line's number", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_several_pins_have_asks_for_the_place()
        => Assert.Contains("at P1, P17: say the place", Assert.Throws<ArgumentException>(() => s_pi.Find("3v3")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void No_name_is_told(string name) => Assert.Throws<ArgumentException>(() => s_pi.Find(name));

    [Theory]
    [InlineData("raspberrypi,5-model-b\0brcm,bcm2712\0", "Raspberry Pi 5")]
    [InlineData("raspberrypi,3-model-b-plus\0brcm,bcm2837\0", "Raspberry Pi 3")]
    [InlineData("raspberrypi,model-zero-2-w\0brcm,bcm2837\0", "Raspberry Pi Zero 2 W")]
    [InlineData("ti,am335x-bone-black\0ti,am335x-bone\0ti,am33xx\0", "BeagleBone Black")]
    [InlineData("xunlong,orangepi-zero2w\0allwinner,sun50i-h618\0", "Orange Pi Zero 2W")]
    [InlineData("raspberrypi,400\0brcm,bcm2711\0", null)]
    [InlineData("raspberrypi,5-model-bb\0", null)]
    [InlineData("", null)]
    public void A_board_is_recognised_by_its_device_tree(string compatible, string? name)
    {
        using MachineRoot root = new(compatible);
        Assert.Equal(name, BoardMap.OfThisMachine(root.Path)?.Name);
    }

    [Fact]
    public void A_board_is_recognised_where_proc_hides_its_device_tree()
    {
        using MachineRoot root = new("");
        root.Write("sys/firmware/devicetree/base/compatible", "raspberrypi,4-model-b\0brcm,bcm2711\0");
        Assert.Equal("Raspberry Pi 4", BoardMap.OfThisMachine(root.Path)?.Name);
    }

    [Fact]
    public void A_machine_without_a_device_tree_is_no_board()
        => Assert.Null(BoardMap.OfThisMachine(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())));

    [Fact]
    public void A_file_gives_what_is_embedded()
    {
        BoardMap loaded = BoardMap.Load(Path.Combine(BoardFiles.Folder, "raspberry-pi-4.json"));
        Assert.Equal("pinctrl-bcm2711", loaded.ChipOf(loaded.Find("P12")).Label);
        Assert.Contains("I2C1 SDA", loaded.Find("P3").Functions);
        Assert.Equal(["GPIO2", "GPIO3"], loaded.Buses.Single(bus => bus.Device == "/dev/i2c-1").Pins);
    }

    [Fact]
    public void What_a_file_leaves_out_is_empty()
    {
        using MachineRoot root = new("");
        BoardMap map = BoardMap.Load(root.Write("mine.json", """
            {
              "id": "mine", "name": "Mine", "compatible": ["me,mine"],
              "chips": [{"id": "one", "label": "one"}],
              "headers": [{"name": "H", "prefix": "H", "pins": [{"number": 1, "kind": "gpio", "name": "A0", "chip": "one", "line": 0}, {"number": 2, "kind": "ground", "name": "GND"}]}],
              "sources": []
            }
            """));
        Assert.Empty(map.Find("H1").Functions);
        Assert.Empty(map.Buses);
        Assert.Empty(map.Notes);
        Assert.Null(map.Find("A0").Tied);
        Assert.Equal("A0 (H1)", map.Find("0").ToString());
    }

    [Theory]
    [InlineData("", "no board's file")]
    [InlineData("null", "is empty")]
    [InlineData("[]", "no board's file")]
    [InlineData("{}", "no board's file")]
    [InlineData("{ \"id\": ", "no board's file")]
    public void A_file_that_is_no_board_s_is_told_by_its_name(string text, string said)
    {
        using MachineRoot root = new("");
        string file = root.Write("mine.json", text);
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => BoardMap.Load(file));
        Assert.Contains(file, e.Message, StringComparison.Ordinal);
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"number\": 12,", "\"number\": 11,", "two pins P11")]
    [InlineData("\"GPIO18\", \"chip\"", "\"GPIO17\", \"chip\"", "two lines GPIO17")]
    [InlineData("\"line\": 18", "\"line\": 17", "line 17 of header is at two pins")]
    [InlineData("\"name\": \"GPIO18\", \"chip\": \"header\", \"line\": 18", "\"name\": \"GPIO18\", \"chip\": \"header\"", "but not both")]
    [InlineData("\"GPIO17\", \"chip\": \"header\"", "\"GPIO17\", \"chip\": \"other\"", "the chip 'other', which is not listed")]
    [InlineData("[\"GPIO2\", \"GPIO3\"]", "[\"GPIO2\", \"GPIO33\"]", "the pin GPIO33, which no header has")]
    [InlineData("\"kind\": \"ground\"", "\"kind\": \"mud\"", "no board's file")]
    [InlineData("\"name\": \"Raspberry Pi 5\",", "", "name")]
    public void A_file_that_contradicts_itself_is_told(string right, string wrong, string said)
    {
        using MachineRoot root = new("");
        string text = File.ReadAllText(Path.Combine(BoardFiles.Folder, "raspberry-pi-5.json"));
        Assert.Contains(right, text, StringComparison.Ordinal);
        string file = root.Write("mine.json", text.Replace(right, wrong, StringComparison.Ordinal));
        Assert.Contains(said, Assert.Throws<InvalidDataException>(() => BoardMap.Load(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_told()
        => Assert.Throws<FileNotFoundException>(() => BoardMap.Load("/nonexistent.json"));
}
