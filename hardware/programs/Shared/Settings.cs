using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Sprig.Programs;

/// <summary>The settings of a program: what its arguments say, else the environment, else a JSON file. A program asks for each by its name,
/// and says what it is unless given and what is right; what nobody has asked for is a mistake of who wrote it.</summary>
/// <remarks>The binder of the same library would fill a class, but its errors name a conversion, not what is wanted.</remarks>
public sealed class Settings
{
    /// <summary>Names the file, above all for a service.</summary>
    public const string FileVariable = "SPRIG_SETTINGS";

    private const int MostLine = 511;

    /// <summary>Where a setting may stand, the strongest first, and how a name is written there.</summary>
    private readonly (IConfigurationRoot Values, Func<string, string> PlaceOf)[] _layers;

    private readonly List<Setting> _asked = [];

    private Settings(string program, Dictionary<string, string?> arguments, string? path)
    {
        string prefix = $"{program.ToUpperInvariant()}_";
        _layers =
        [
            (new ConfigurationBuilder().AddInMemoryCollection(arguments).Build(), name => $"--{name}"),
            (new ConfigurationBuilder().AddEnvironmentVariables(prefix).Build(), name => prefix + name.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant()),
            (path is null ? new ConfigurationBuilder().Build() : Parse(path), _ => path!),
        ];
    }

    /// <summary>What a program asks for.</summary>
    internal static IReadOnlyList<Setting> Describe<T>(Func<Settings, T> read)
    {
        Settings none = new("", arguments: [], path: null);
        read(none);
        return none._asked;
    }

    /// <summary>Reads the settings of a program. The file is the one that the argument --settings names, or <see cref="FileVariable"/>,
    /// or NAME.json beside the program; where there is none of these, there is none.</summary>
    /// <param name="program">Its name: blink has blink.json, and BLINK_... in the environment.</param>
    /// <param name="arguments">As --name value.</param>
    /// <param name="read">Asks for each.</param>
    /// <exception cref="InvalidDataException">A wrong or unknown setting: which, where it stands, and what is wanted.</exception>
    public static T Read<T>(string program, string[] arguments, Func<Settings, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        Dictionary<string, string?> given = Parse(arguments);
        if (given.Remove("settings", out string? path) && !Path.Exists(path))
            throw new InvalidDataException($"There is no file '{path}'.");
        // A service is told of a file that its owner may make, or not.
        string?[] others = [Environment.GetEnvironmentVariable(FileVariable), Path.Combine(AppContext.BaseDirectory, $"{program}.json")];
        Settings settings = new(program, given, path ?? others.FirstOrDefault(Path.Exists));
        T result = read(settings);
        settings.ThrowIfUnknown();
        return result;
    }

    /// <summary>Words.</summary>
    /// <param name="name">Of the setting.</param>
    /// <param name="unlessGiven">Its value unless given.</param>
    /// <param name="wanted">What it is, in words.</param>
    /// <param name="isRight">What is right besides not being empty.</param>
    /// <exception cref="InvalidDataException">The value is wrong.</exception>
    public string Text(string name, string unlessGiven, string wanted, Predicate<string>? isRight = null)
    {
        _asked.Add(new Setting(name, SettingKind.Text, unlessGiven, 0, 0, wanted));
        if (Find(name) is not { } value)
            return unlessGiven;
        return value.Length > 0 && isRight?.Invoke(value) != false ? value : throw Wrong(name, value, wanted);
    }

    /// <summary>A whole number.</summary>
    /// <inheritdoc cref="Seconds"/>
    public int Whole(string name, int unlessGiven, int least, int most, string wanted)
    {
        _asked.Add(new Setting(name, SettingKind.Whole, unlessGiven, least, most, wanted));
        if (Find(name) is not { } value)
            return unlessGiven;
        return int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw Wrong(name, value, $"a whole number from {least} to {most}: {wanted}");
    }

    /// <summary>The number of a line of a chip.</summary>
    /// <inheritdoc cref="Seconds"/>
    public int Line(string name, int unlessGiven, string wanted) => Whole(name, unlessGiven, 0, MostLine, wanted);

    /// <summary>A number of seconds.</summary>
    /// <param name="name">Of the setting.</param>
    /// <param name="unlessGiven">Its value unless given.</param>
    /// <param name="least">The least.</param>
    /// <param name="most">The most.</param>
    /// <param name="wanted">What it is, in words.</param>
    /// <exception cref="InvalidDataException">The value is wrong.</exception>
    public TimeSpan Seconds(string name, double unlessGiven, double least, double most, string wanted)
    {
        _asked.Add(new Setting(name, SettingKind.Seconds, unlessGiven, least, most, wanted));
        return Find(name) is { } value ? ToSeconds(name, value, least, most, wanted) : TimeSpan.FromSeconds(unlessGiven);
    }

    /// <summary>A number of seconds for each of some lines: <c>{ "17": 0.5, "27": 0.8 }</c>. Those of one place are all: they are not added to others'.</summary>
    /// <inheritdoc cref="Seconds"/>
    public IReadOnlyDictionary<int, TimeSpan> SecondsByLine(string name, IReadOnlyDictionary<int, double> unlessGiven, double least, double most, string wanted)
    {
        _asked.Add(new Setting(name, SettingKind.SecondsByLine, unlessGiven, least, most, wanted));
        if (Find(name) is { } single)
            throw Wrong(name, single, $"a number of seconds for each line: {wanted}");
        Dictionary<int, TimeSpan> given = [];
        foreach (IConfigurationSection child in _layers.Select(layer => layer.Values.GetSection(name).GetChildren()).FirstOrDefault(children => children.Any(), []))
        {
            if (!int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out int line) || line > MostLine)
                throw Wrong(child.Path, child.Key, $"the number of a line, from 0 to {MostLine}");
            given[line] = ToSeconds(child.Path, child.Value ?? "", least, most, wanted);
        }

        return given.Count > 0 ? given : unlessGiven.ToDictionary(one => one.Key, one => TimeSpan.FromSeconds(one.Value));
    }

    private static Dictionary<string, string?> Parse(string[] arguments)
    {
        Dictionary<string, string?> values = [];
        for (int i = 0; i < arguments.Length; i += 2)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == arguments.Length)
                throw new InvalidDataException($"'{arguments[i]}': wanted is --NAME VALUE.");
            values[arguments[i][2..]] = arguments[i + 1];
        }

        return values;
    }

    private static IConfigurationRoot Parse(string path)
    {
        if (Directory.Exists(path))
            throw new InvalidDataException($"{path} is a folder; wanted is a file of settings.");
        try
        {
            string json = File.ReadAllText(path);
            IConfigurationRoot values = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
            ThrowIfList(path, json);
            return values;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw new InvalidDataException($"{path} can't be read: {(e.InnerException ?? e).Message}", e);
        }
    }

    // To the library [17, 27] is { "0": 17, "1": 27 }: lines that nobody has named would be driven.
    private static void ThrowIfList(string path, string json)
    {
        using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        foreach (JsonProperty property in document.RootElement.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Array)
                throw new InvalidDataException($"{property.Name} ({path}) is a list, which no setting is.");
        }
    }

    private TimeSpan ToSeconds(string name, string value, double least, double most, string wanted)
        => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number >= least && number <= most
            ? TimeSpan.FromSeconds(number)
            : throw Wrong(name, value, string.Create(CultureInfo.InvariantCulture, $"a number of seconds from {least} to {most}: {wanted}"));

    private string? Find(string name) => _layers.Select(layer => layer.Values[name]).FirstOrDefault(value => value is not null);

    private InvalidDataException Wrong(string name, string value, string wanted)
    {
        string place = _layers.First(layer => layer.Values.GetSection(name).Exists()).PlaceOf(name);
        return new InvalidDataException($"{name} '{value}' ({place}): wanted is {wanted}.");
    }

    private void ThrowIfUnknown()
    {
        foreach ((IConfigurationRoot values, Func<string, string> placeOf) in _layers)
        {
            foreach ((string key, string? value) in values.AsEnumerable())
            {
                // What holds others has no value of its own; the schema is named for editors.
                if (key == "$schema" || values.GetSection(key).GetChildren().Any())
                    continue;
                if (!_asked.Exists(setting => Covers(setting, key)))
                    throw new InvalidDataException($"{key} ({placeOf(key)}) is no setting; there are {string.Join(", ", _asked.Select(setting => setting.Name))}.");
                if (value is null)
                    throw new InvalidDataException($"{key} ({placeOf(key)}) has no value; leave it out, and it is as it is unless given.");
            }
        }
    }

    private static bool Covers(Setting setting, string key)
        => string.Equals(setting.Name, setting.Kind == SettingKind.SecondsByLine ? key.Split(':')[0] : key, StringComparison.OrdinalIgnoreCase)
            && key.Count(letter => letter == ':') <= 1;
}
