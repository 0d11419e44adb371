using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Json.Schema;
using Sprig.Devices.Boards;
using Xunit;

namespace Sprig.Programs.Tests;

/// <summary>What stands beside each program says what the program does.</summary>
public partial class ProgramFilesTests
{
    private const int FewerLinesThan = 60;
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };
    private static readonly string[] s_deviceWords = ["gpio", "serial", "i2c", "spi", "pwm", "watchdog"];
    private static readonly string[] s_lineSettings = ["button", "answer", "alive", "alarm"];

    public static TheoryData<string> All => [.. ProgramList.All];

    [Theory]
    [MemberData(nameof(All))]
    public void A_program_has_fewer_than_60_lines(string program)
        => Assert.InRange(Repository.Read(program, "Program.cs").Split('\n').Length - 1, 1, FewerLinesThan - 1);

    [Theory]
    [MemberData(nameof(All))]
    public void The_schema_is_that_of_what_the_program_asks_for(string program)
    {
        JsonObject expected = SchemaOf.Settings(program, ProgramList.SettingsOf(program));
        JsonNode actual = JsonNode.Parse(Repository.Read(program, $"{program.ToLowerInvariant()}.schema.json"))!;
        Assert.True(JsonNode.DeepEquals(expected, actual), $"It should be\n{expected.ToJsonString(s_indented)}");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_sample_is_right_by_the_schema_and_says_what_is_so_unless_given(string program)
    {
        JsonObject sample = JsonNode.Parse(Repository.Read(program, $"{program.ToLowerInvariant()}.json"))!.AsObject();
        Assert.True(IsRight(program, sample));
        JsonObject expected = new(ProgramList.SettingsOf(program).Select(setting => KeyValuePair.Create<string, JsonNode?>(setting.Name, SchemaOf.Default(setting))));
        expected.Insert(0, "$schema", $"{program.ToLowerInvariant()}.schema.json");
        Assert.Equal(expected.ToJsonString(), sample.ToJsonString());
    }

    [Theory]
    [InlineData("Blink", """{ "leds": { "17": 0 } }""")]
    [InlineData("Blink", """{ "leds": { "GPIO17": 1 } }""")]
    [InlineData("Blink", """{ "leds": { "17": { "on": 1 } } }""")]
    [InlineData("Blink", """{ "leds": 17 }""")]
    [InlineData("Blink", """{ "leds": [17, 27] }""")]
    [InlineData("Blink", """{ "leds": [] }""")]
    [InlineData("Blink", """{ "led": { "17": 1 } }""")]
    [InlineData("Blink", """{ "gpio": "" }""")]
    [InlineData("SensorPoll", """{ "poll": "often" }""")]
    [InlineData("SensorPoll", """{ "timeout": null }""")]
    [InlineData("SensorPoll", """{ "poll": 86401 }""")]
    [InlineData("Gateway", """{ "port": 65536 }""")]
    [InlineData("Gateway", """{ "port": 1.5 }""")]
    [InlineData("Gateway", """{ "button": -1 }""")]
    [InlineData("Gateway", """{ "button": { "line": 23 } }""")]
    public void A_file_that_is_wrong_by_the_schema_is_refused_by_the_program_too(string program, string json)
    {
        Assert.False(IsRight(program, JsonNode.Parse(json)!));
        using SettingsFile file = new(json);
        Assert.Throws<InvalidDataException>(() => ProgramList.Read(program, file.Arguments));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void What_a_service_may_open_is_said_in_known_words(string program)
    {
        string[] words = Repository.Read(program, "devices").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(words, word => Assert.Contains(word, s_deviceWords));
        Assert.Equal(ProgramList.SettingsOf(program).Select(setting => setting.Name).Intersect(s_deviceWords), words);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_pin_that_is_used_is_in_the_picture_and_in_the_table(string program)
    {
        XDocument picture = XDocument.Parse(Repository.Read(program, "wiring.svg"));
        string[] texts = [.. picture.Descendants().Where(element => element.Name.LocalName is "text" or "tspan").Select(element => element.Value.Trim())];
        string table = Section(program);
        foreach ((string name, int number) in PinsOf(program))
        {
            Assert.Contains(name, texts);
            // Highlighted, and at its place.
            XElement pin = Assert.Single(picture.Descendants(), element => (string?)element.Attribute("id") == $"pin{number}");
            Assert.Contains("used", (string?)pin.Attribute("class") ?? "", StringComparison.Ordinal);
            Assert.Contains($"| {name} | {number} |", table, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_setting_is_in_the_README_with_its_value_unless_given(string program)
    {
        string section = Section(program);
        Assert.All(ProgramList.SettingsOf(program), setting => Assert.Contains(
            $"| `{setting.Name}` | `{SchemaOf.Default(setting).ToJsonString().Trim('"')}` | {setting.Wanted}", section, StringComparison.Ordinal));
        Assert.Contains($"{program}/wiring.svg", section, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_picture_needs_nothing_from_elsewhere(string program)
    {
        string picture = Repository.Read(program, "wiring.svg");
        Assert.DoesNotMatch(@"<image|<script|@import|url\((?!#)|href=""(?!#)", picture);
        Assert.Contains("prefers-color-scheme: dark", picture, StringComparison.Ordinal);
    }

    /// <summary>Name and place of the pins that a program has unless given others.</summary>
    private static IEnumerable<(string Name, int Number)> PinsOf(string program)
    {
        BoardHeader header = BoardMap.Known.Single(map => map.Id == "raspberry-pi-5").Headers[0];
        foreach (Setting setting in ProgramList.SettingsOf(program))
        {
            int[] lines = setting.UnlessGiven is IReadOnlyDictionary<int, double> byLine ? [.. byLine.Keys]
                : s_lineSettings.Contains(setting.Name) ? [(int)setting.UnlessGiven]
                // The header's serial port.
                : setting.Name == "serial" ? [14, 15] : [];
            foreach (int line in lines)
                yield return ($"GPIO{line}", header.Pins.Single(pin => pin.Line == line).Number);
        }
    }

    private static string Section(string program)
        => Headings().Split(Repository.Read("README.md")).Single(section => section.StartsWith($"{program}\n", StringComparison.Ordinal));

    private static bool IsRight(string program, JsonNode settings)
        => JsonSchema.FromText(Repository.Read(program, $"{program.ToLowerInvariant()}.schema.json")).Evaluate(settings).IsValid;

    [GeneratedRegex("^## ", RegexOptions.Multiline)]
    private static partial Regex Headings();
}
