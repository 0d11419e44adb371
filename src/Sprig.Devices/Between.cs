using System.Runtime.CompilerServices;

namespace Sprig.Devices;

/// <summary>Checks of values that have two ends. What is no number is in no span.</summary>
internal static class Between
{
    /// <summary>The value, if it is between 0 and 1.</summary>
    internal static double Check(double value, [CallerArgumentExpression(nameof(value))] string name = "")
        => Check(value, 0, 1, name);

    /// <summary>The value, if it is between these.</summary>
    internal static double Check(double value, double least, double most, [CallerArgumentExpression(nameof(value))] string name = "")
        => value >= least && value <= most ? value : throw new ArgumentOutOfRangeException(name, value, $"Between {least} and {most}.");
}
