using System.Text.Json.Nodes;
using Json.Schema;
using Sprig.Devices.Boards;
using Xunit;

namespace Sprig.Devices.Tests.Boards;

/// <summary>The board files: right by the schema, complete, and with nothing twice.</summary>
public class BoardFileTests
{
    private static readonly int[] s_grounds = [6, 9, 14, 20, 25, 30, 34, 39];
    private static readonly JsonSchema s_schema = JsonSchema.FromFile(BoardFiles.Schema);

    public static TheoryData<string> Files => [.. BoardFiles.All.Select(file => Path.GetFileName(file))];

    public static TheoryData<string> WithFortyPins => [.. BoardMap.Known.Where(map => map.Headers.Count == 1).Select(map => map.Id)];

    public static TheoryData<string> Boards => [.. BoardMap.Known.Select(map => map.Id)];

    [Fact]
    public void The_boards_of_the_issue_are_there()
        => Assert.Equal(
            ["BeagleBone Black", "Orange Pi Zero 2W", "Raspberry Pi 3", "Raspberry Pi 4", "Raspberry Pi 5", "Raspberry Pi Zero 2 W"],
            BoardMap.Known.Select(map => map.Name));

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_right_by_the_schema(string file)
        => Assert.Empty(ErrorsOf(JsonNode.Parse(File.ReadAllText(Path.Combine(BoardFiles.Folder, file)))!));

    [Theory]
    [InlineData("name", null)]
    [InlineData("compatible", "[]")]
    [InlineData("sources", "[]")]
    [InlineData("headers", """[{"name": "J8", "prefix": "P", "pins": [{"number": 1, "kind": "gpio", "name": "GPIO1"}, {"number": 2, "kind": "ground", "name": "GND"}]}]""")]
    [InlineData("headers", """[{"name": "J8", "prefix": "P", "pins": [{"number": 1, "kind": "power", "name": "3V3", "chip": "header", "line": 1}, {"number": 2, "kind": "ground", "name": "GND"}]}]""")]
    [InlineData("colour", "\"green\"")]
    public void A_wrong_file_is_told_by_the_schema(string property, string? value)
    {
        JsonObject board = JsonNode.Parse(File.ReadAllText(Path.Combine(BoardFiles.Folder, "raspberry-pi-5.json")))!.AsObject();
        board.Remove(property);
        if (value is not null)
            board[property] = JsonNode.Parse(value);
        Assert.NotEmpty(ErrorsOf(board));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_has_the_name_of_its_board_and_is_embedded(string file)
        => Assert.Contains(BoardMap.Known, map => map.Id == Path.GetFileNameWithoutExtension(file));

    [Theory]
    [MemberData(nameof(Boards))]
    public void Pins_are_numbered_without_a_gap(string id)
        => Assert.All(MapOf(id).Headers, header => Assert.Equal(
            Enumerable.Range(1, id == "beaglebone-black" ? 46 : 40), header.Pins.Select(pin => pin.Number)));

    [Theory]
    [MemberData(nameof(Boards))]
    public void No_line_is_at_two_pins(string id)
    {
        BoardPin[] lines = [.. MapOf(id).Headers.SelectMany(header => header.Pins).Where(pin => pin.Line is not null)];
        Assert.Equal(lines.Length, lines.Select(pin => (pin.Chip, pin.Line)).Distinct().Count());
        Assert.Equal(lines.Length, lines.Select(pin => pin.Name).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Boards))]
    public void A_tied_line_is_at_no_pin_of_its_own(string id)
    {
        BoardMap map = MapOf(id);
        Assert.All(
            map.Headers.SelectMany(header => header.Pins).Where(pin => pin.Tied is not null),
            pin => Assert.Throws<ArgumentException>(() => map.Find(pin.Tied!)));
    }

    [Theory]
    [MemberData(nameof(WithFortyPins))]
    public void Power_and_ground_of_a_40_pin_header_are_where_they_are_on_every_board(string id)
    {
        BoardHeader header = Assert.Single(MapOf(id).Headers);
        Assert.Equal(s_grounds, Numbers(header, BoardPinKind.Ground));
        Assert.Equal([1, 2, 4, 17], Numbers(header, BoardPinKind.Power));
        Assert.Equal(["3V3", "5V", "5V", "3V3"], header.Pins.Where(pin => pin.Kind == BoardPinKind.Power).Select(pin => pin.Name));
        Assert.Equal(28, header.Pins.Count(pin => pin.Line is not null));
    }

    [Theory]
    [InlineData("raspberry-pi-zero-2-w")]
    [InlineData("raspberry-pi-3")]
    [InlineData("raspberry-pi-4")]
    [InlineData("raspberry-pi-5")]
    public void Every_pi_has_the_same_header_and_its_lines_are_gpio_0_to_27(string id)
    {
        BoardHeader header = Assert.Single(MapOf(id).Headers);
        Assert.Equal(Enumerable.Range(0, 28), header.Pins.Where(pin => pin.Line is not null).Select(pin => pin.Line!.Value).Order());
        Assert.All(header.Pins.Where(pin => pin.Line is not null), pin => Assert.Equal($"GPIO{pin.Line}", pin.Name));
        Assert.Equal(
            MapOf("raspberry-pi-5").Headers[0].Pins.Select(pin => (pin.Number, pin.Kind, pin.Name)),
            header.Pins.Select(pin => (pin.Number, pin.Kind, pin.Name)));
    }

    [Fact]
    public void Lines_of_the_orange_pi_are_counted_by_bank()
        => Assert.All(
            MapOf("orange-pi-zero-2w").Headers[0].Pins.Where(pin => pin.Line is not null),
            pin => Assert.Equal((pin.Name[1] - 'A') * 32 + int.Parse(pin.Name[2..], System.Globalization.CultureInfo.InvariantCulture), pin.Line));

    [Fact]
    public void Lines_of_the_beaglebone_are_counted_in_their_own_chip()
        => Assert.All(
            MapOf("beaglebone-black").Headers.SelectMany(header => header.Pins).Where(pin => pin.Line is not null),
            pin => Assert.Equal(pin.Name, $"{pin.Chip!.ToUpperInvariant()}_{pin.Line}"));

    [Theory]
    [MemberData(nameof(Boards))]
    public void Every_chip_is_used_and_every_source_names_its_facts(string id)
    {
        BoardMap map = MapOf(id);
        Assert.All(map.Chips, chip => Assert.Contains(map.Headers.SelectMany(header => header.Pins), pin => pin.Chip == chip.Id));
        Assert.All(map.Sources, source => Assert.StartsWith("http", source.Address, StringComparison.Ordinal));
    }

    private static IEnumerable<int> Numbers(BoardHeader header, BoardPinKind kind)
        => header.Pins.Where(pin => pin.Kind == kind).Select(pin => pin.Number);

    private static BoardMap MapOf(string id) => BoardMap.Known.Single(map => map.Id == id);

    private static List<string> ErrorsOf(JsonNode board)
    {
        EvaluationResults results = s_schema.Evaluate(board, new EvaluationOptions { OutputFormat = OutputFormat.List });
        return results.IsValid ? [] : [.. results.Details.Where(detail => !detail.IsValid).Select(detail => $"{detail.InstanceLocation}: {detail.SchemaLocation}")];
    }
}
