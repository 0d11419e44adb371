using Sprig.IO;

namespace Sprig.Testing;

/// <summary>Pins that are wired together, and their one level.</summary>
internal sealed class SimulatedNet
{
    internal SimulatedNet(SimulatedLine line) => Lines = [line];

    internal List<SimulatedLine> Lines { get; }

    internal bool Level { get; set; }

    /// <summary>Who drives against whom; null while nobody does.</summary>
    internal string? Conflict { get; private set; }

    /// <summary>The level by all that acts on it: outputs before what is outside, drivers before resistors, the board's resistors
    /// before the chip's. Low wins among equals; what nothing acts on stays as it is.</summary>
    internal bool Resolve()
    {
        Strength outputs = new(Lines.Select(line => line.Driven));
        Strength outside = new(Lines.SelectMany(line => (bool?[])[line.Outside, line.Contact]));
        bool high = outputs.High || outside.High;
        bool low = outputs.Low || outside.Low;
        Conflict = high && low ? Describe() : null;
        return outputs.Level ?? outside.Level
            ?? new Strength(Lines.Select(line => LevelOf(line.Pull))).Level
            ?? new Strength(Lines.Select(line => LevelOf(line.Settings.Bias))).Level
            ?? Level;
    }

    private string Describe() => string.Join(", ", Lines.SelectMany(line => (string?[])
    [
        line.Driven is { } driven ? $"line {line.Number} of '{line.Consumer}' drives {NameOf(driven)}" : null,
        line.Outside is { } outside ? $"line {line.Number} is driven {NameOf(outside)} from outside" : null,
        line.Contact is { } contact ? $"line {line.Number} has a closed contact to {NameOf(contact)}" : null,
    ]).Where(part => part is not null));

    private static string NameOf(bool level) => level ? "high" : "low";

    private static bool? LevelOf(GpioBias bias) => bias switch
    {
        GpioBias.PullUp => true,
        GpioBias.PullDown => false,
        _ => null,
    };

    private readonly struct Strength
    {
        internal Strength(IEnumerable<bool?> levels)
        {
            foreach (bool? level in levels)
            {
                High |= level == true;
                Low |= level == false;
            }
        }

        internal bool High { get; }

        internal bool Low { get; }

        internal bool? Level => Low ? false : High ? true : null;
    }
}
