using System.CommandLine.Parsing;
using Sprig.IO;

namespace Sprig.Cli.Gpio;

/// <summary>Options whose values are words: pull-up, not PullUp.</summary>
internal static class OptionWords
{
    internal static readonly IReadOnlyDictionary<string, GpioBias> Biases = new Dictionary<string, GpioBias>
    {
        ["as-is"] = GpioBias.AsIs,
        ["none"] = GpioBias.None,
        ["pull-up"] = GpioBias.PullUp,
        ["pull-down"] = GpioBias.PullDown,
    };

    internal static readonly IReadOnlyDictionary<string, GpioEdges> Edges = new Dictionary<string, GpioEdges>
    {
        ["both"] = GpioEdges.Both,
        ["rising"] = GpioEdges.Rising,
        ["falling"] = GpioEdges.Falling,
    };

    internal static readonly IReadOnlyDictionary<string, GpioDrive> Drives = new Dictionary<string, GpioDrive>
    {
        ["push-pull"] = GpioDrive.PushPull,
        ["open-drain"] = GpioDrive.OpenDrain,
        ["open-source"] = GpioDrive.OpenSource,
    };

    /// <summary>Reads one of the words, and tells what they are where it is none.</summary>
    internal static Func<ArgumentResult, T> Parser<T>(IReadOnlyDictionary<string, T> words) => result =>
    {
        string given = string.Join(' ', result.Tokens.Select(token => token.Value));
        if (words.TryGetValue(given, out T? value))
            return value;
        string option = result.Parent is OptionResult parent ? parent.Option.Name : "";
        result.AddError($"{option} '{given}': wanted is {string.Join(", ", words.Keys)}.");
        return default!;
    };
}
