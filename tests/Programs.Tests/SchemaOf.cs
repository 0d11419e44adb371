using System.Globalization;
using System.Text.Json.Nodes;

namespace Sprig.Programs.Tests;

/// <summary>The JSON schema of what a program asks for.</summary>
internal static class SchemaOf
{
    internal static JsonObject Settings(string program, IEnumerable<Setting> settings) => new()
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["title"] = $"{program}'s settings",
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject(
            settings.Select(setting => KeyValuePair.Create<string, JsonNode?>(setting.Name, Of(setting)))
                .Prepend(KeyValuePair.Create<string, JsonNode?>("$schema", new JsonObject { ["type"] = "string" }))),
    };

    /// <summary>The value as it would stand in the file.</summary>
    internal static JsonNode Default(Setting setting) => setting.UnlessGiven switch
    {
        string text => text,
        int whole => whole,
        double seconds => seconds,
        IReadOnlyDictionary<int, double> byLine => new JsonObject(
            byLine.Select(one => KeyValuePair.Create<string, JsonNode?>(one.Key.ToString(CultureInfo.InvariantCulture), one.Value))),
        _ => throw new InvalidOperationException($"{setting.UnlessGiven} is of no kind that a setting has."),
    };

    private static JsonObject Of(Setting setting)
    {
        JsonObject schema = setting.Kind switch
        {
            SettingKind.Text => new JsonObject { ["type"] = "string", ["minLength"] = 1 },
            SettingKind.Whole => Number("integer", setting),
            SettingKind.Seconds => Number("number", setting),
            SettingKind.SecondsByLine => new JsonObject
            {
                ["type"] = "object",
                ["minProperties"] = 1,
                ["propertyNames"] = new JsonObject { ["pattern"] = "^[0-9]{1,3}$" },
                ["additionalProperties"] = Number("number", setting),
            },
            _ => throw new InvalidOperationException($"There is no kind {setting.Kind}."),
        };
        schema.Insert(0, "description", setting.Wanted);
        schema["default"] = Default(setting);
        return schema;
    }

    private static JsonObject Number(string type, Setting setting)
        => new() { ["type"] = type, ["minimum"] = setting.Least, ["maximum"] = setting.Most };
}
