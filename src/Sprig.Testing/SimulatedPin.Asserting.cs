using System.Globalization;

namespace Sprig.Testing;

/// <content>What a test says of its past, to the tick. Times are of the run's clock, counted from <see cref="SimulatedBoard.Start"/>.</content>
public sealed partial class SimulatedPin
{
    /// <summary>Each change of its level so far, and no other, came at these times.</summary>
    /// <exception cref="PinAssertionException">Not so; the message has both histories.</exception>
    public void ShouldHaveToggledAt(params TimeSpan[] times)
    {
        ArgumentNullException.ThrowIfNull(times);
        List<PinChange> changes = History();
        if (!changes.Select(TimeOf).SequenceEqual(times))
            throw Unlike($"toggled at {Join(times)}", changes);
    }

    /// <summary>It was high so long, each time that it was; a time that has no end yet does not count.</summary>
    /// <inheritdoc cref="ShouldHaveToggledAt"/>
    public void ShouldHaveBeenHighFor(params TimeSpan[] lengths) => ShouldHaveBeen(true, lengths);

    /// <summary>It was low so long, each time between two of high.</summary>
    /// <inheritdoc cref="ShouldHaveToggledAt"/>
    public void ShouldHaveBeenLowFor(params TimeSpan[] lengths) => ShouldHaveBeen(false, lengths);

    private void ShouldHaveBeen(bool level, TimeSpan[] lengths)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        List<PinChange> changes = History();
        IEnumerable<TimeSpan> pulses = changes.Zip(changes.Skip(1))
            .Where(pair => pair.First.Level == level)
            .Select(pair => pair.Second.Time - pair.First.Time);
        if (!pulses.SequenceEqual(lengths))
            throw Unlike($"been {(level ? "high" : "low")} for {Join(lengths)}", changes);
    }

    private List<PinChange> History()
        => _board.Forgotten == 0 ? [.. Changes]
            : throw new PinAssertionException($"{_board} has forgotten its first {_board.Forgotten} changes: let it keep more (keepChanges).");

    private TimeSpan TimeOf(PinChange change) => change.Time - _board.Start;

    private PinAssertionException Unlike(string expected, List<PinChange> changes)
    {
        string[] history = [.. changes.Select(change => $"{(change.Level ? "high" : "low")} at {Text(TimeOf(change))}")];
        string was = history.Length == 0 ? "it has never changed" : $"it went {string.Join(", ", history)}";
        return new PinAssertionException($"Pin {Line} ({_line.Name}) should have {expected}; {was}. It is {(Level ? "high" : "low")} now.");
    }

    private static string Join(TimeSpan[] times) => times.Length == 0 ? "no time" : string.Join(", ", times.Select(Text));

    private static string Text(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.Ticks / (decimal)TimeSpan.TicksPerSecond:0.#######} s");
}
