using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Sprig.Programs;

/// <summary>The settings of a program: those of a JSON file, and above them the environment's. A program asks for each by its name, and
/// says what it is unless given and what is right; what nobody has asked for is a mistake of who wrote it.</summary>
/// <remarks>The binder of the same library would fill a class, but its errors name a conversion, not what is wanted.</remarks>
public sealed class Settings
{
    /// <summary>Names the file, above all for a service.</summary>
    public const string FileVariable = "SPRIG_SETTINGS";

    private const int MostLine = 511;

    private readonly string _prefix;
    private readonly IConfigurationRoot _environment;
    private readonly IConfigurationRoot _file;
    private readonly List<Setting> _asked = [];

    private Settings(string program, string? path)
    {
        _prefix = $"{program.ToUpperInvariant()}_";
        Source = path ?? "none given";
        _environment = new ConfigurationBuilder().AddEnvironmentVariables(_prefix).Build();
        _file = path is null ? new ConfigurationBuilder().Build() : Parse(path);
    }

    /// <summary>The file's path, or that there is none.</summary>
    public string Source { get; }

    /// <summary>What was asked for so far.</summary>
    public IReadOnlyList<Setting> Asked => _asked;

    /// <summary>Reads the settings of a program: of the file that <see cref="FileVariable"/> names, or NAME.json beside the program.
    /// Where there is neither, all is as it is unless given.</summary>
    /// <param name="program">Its name: blink has blink.json and BLINK_... in the environment.</param>
    /// <param name="read">Asks for each.</param>
    /// <exception cref="InvalidDataException">A wrong or unknown setting: which, where it stands, and what is wanted.</exception>
    public static T Read<T>(string program, Func<Settings, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        string?[] paths = [Environment.GetEnvironmentVariable(FileVariable), Path.Combine(AppContext.BaseDirectory, $"{program}.json")];
        Settings settings = new(program, paths.FirstOrDefault(File.Exists));
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

    /// <summary>A number of seconds for each of some lines: <c>{ "17": 0.5, "27": 0.8 }</c>. Given ones replace all of the others.</summary>
    /// <inheritdoc cref="Seconds"/>
    public IReadOnlyDictionary<int, TimeSpan> SecondsByLine(string name, IReadOnlyDictionary<int, double> unlessGiven, double least, double most, string wanted)
    {
        _asked.Add(new Setting(name, SettingKind.SecondsByLine, unlessGiven, least, most, wanted));
        if (Find(name) is { Length: > 0 } single)
            throw Wrong(name, single, $"a number of seconds for each line: {wanted}");
        Dictionary<int, TimeSpan> given = [];
        foreach (string key in _file.GetSection(name).GetChildren().Concat(_environment.GetSection(name).GetChildren()).Select(child => child.Key))
        {
            string path = $"{name}:{key}";
            if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int line) || line > MostLine)
                throw Wrong(path, key, $"the number of a line, from 0 to {MostLine}");
            given[line] = ToSeconds(path, Find(path) ?? "", least, most, wanted);
        }

        return given.Count > 0 ? given : unlessGiven.ToDictionary(one => one.Key, one => TimeSpan.FromSeconds(one.Value));
    }

    private static IConfigurationRoot Parse(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return new ConfigurationBuilder().AddJsonStream(stream).Build();
        }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException)
        {
            throw new InvalidDataException($"{path} can't be read: {(e.InnerException ?? e).Message}", e);
        }
    }

    private TimeSpan ToSeconds(string name, string value, double least, double most, string wanted)
        => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number >= least && number <= most
            ? TimeSpan.FromSeconds(number)
            : throw Wrong(name, value, string.Create(CultureInfo.InvariantCulture, $"a number of seconds from {least} to {most}: {wanted}"));

    private string? Find(string name) => _environment[name] ?? _file[name];

    private InvalidDataException Wrong(string name, string value, string wanted) => new($"{name} '{value}' ({PlaceOf(name)}): wanted is {wanted}.");

    private string PlaceOf(string name)
        => _environment[name] is null ? Source : _prefix + name.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant();

    private void ThrowIfUnknown()
    {
        foreach ((string key, string? value) in _environment.AsEnumerable().Concat(_file.AsEnumerable()))
        {
            // For editors.
            if (key == "$schema")
                continue;
            // An object has no value of its own.
            if (value is null && _file.GetSection(key).GetChildren().Concat(_environment.GetSection(key).GetChildren()).Any())
                continue;
            if (!_asked.Exists(setting => Covers(setting, key)))
                throw new InvalidDataException($"{key} ({PlaceOf(key)}) is no setting; there are {string.Join(", ", _asked.Select(setting => setting.Name))}.");
            if (value is null)
                throw new InvalidDataException($"{key} ({PlaceOf(key)}) has no value; leave it out where it is to be as it is unless given.");
        }
    }

    private static bool Covers(Setting setting, string key)
        => string.Equals(setting.Name, setting.Kind == SettingKind.SecondsByLine ? key.Split(':')[0] : key, StringComparison.OrdinalIgnoreCase)
            && key.Count(letter => letter == ':') <= 1;
}
