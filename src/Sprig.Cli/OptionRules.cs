using System.CommandLine;
using System.CommandLine.Parsing;

namespace Sprig.Cli;

/// <summary>What values options take: a wrong one is told in one line that says what is wanted.</summary>
internal static class OptionRules
{
    /// <summary>A validator for <paramref name="option"/>.</summary>
    /// <param name="option">The option that is checked.</param>
    /// <param name="isRight">Whether a value is one.</param>
    /// <param name="wanted">What is, in words.</param>
    internal static Action<OptionResult> Check<T>(Option option, Func<T?, bool> isRight, string wanted)
        => result =>
        {
            if (IsRight(result, isRight))
                return;
            string given = string.Join(' ', result.Tokens.Select(token => token.Value));
            result.AddError($"{option.Name} '{given}': wanted is {wanted}.");
        };

    private static bool IsRight<T>(OptionResult result, Func<T?, bool> isRight)
    {
        // As one between thousands it would be passed over: 1,5 is not 15.
        if (typeof(T) == typeof(double) && result.Tokens.Any(token => token.Value.Contains(',', StringComparison.Ordinal)))
            return false;
        try
        {
            return isRight(result.GetValueOrDefault<T>());
        }
        catch (InvalidOperationException)
        {
            // A word where a number is wanted.
            return false;
        }
    }
}
