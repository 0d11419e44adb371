using Sprig.Devices.Boards;

namespace Sprig.Cli.Pinout;

/// <summary>Which board a word means.</summary>
internal static class BoardChoice
{
    /// <summary>pi5, zero2w, a name or an id of a known board, or the path of a board's file.</summary>
    /// <exception cref="ArgumentException">It is none, or several.</exception>
    internal static BoardMap Find(string word)
    {
        if (word.EndsWith(".json", StringComparison.Ordinal))
            return BoardMap.Load(word);
        string wanted = Letters(word);
        BoardMap[] found = [.. BoardMap.Known.Where(map => Letters(map.Name).EndsWith(wanted, StringComparison.Ordinal))];
        if (found.Length == 0)
            found = [.. BoardMap.Known.Where(map => Letters(map.Name).Contains(wanted, StringComparison.Ordinal))];
        return (wanted.Length, found.Length) switch
        {
            ( > 0, 1) => found[0],
            ( > 0, > 1) => throw new ArgumentException($"'{word}' may be {string.Join(" or ", found.Select(map => map.Id))}: say which"),
            _ => throw new ArgumentException($"there is no board '{word}'; known are {string.Join(", ", BoardMap.Known.Select(map => map.Id))}, and any board's .json file"),
        };
    }

    private static string Letters(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
