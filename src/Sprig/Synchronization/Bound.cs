namespace Sprig.Synchronization;

/// <summary>The bounds of what holds items or permits: wrong ones get an error that names whose they are, and the right ones.</summary>
internal static class Bound
{
    /// <param name="capacity">As given by the caller.</param>
    /// <param name="owner">Named in the error.</param>
    internal static ArgumentOutOfRangeException Negative(int capacity, Label owner)
        => new(nameof(capacity), capacity, $"{owner} can't hold fewer than no items. A capacity is at least 1; null or 0: without bound.");

    /// <param name="value">As given by the caller.</param>
    /// <param name="least">The least that is right.</param>
    /// <param name="parameter">What the caller calls it.</param>
    /// <param name="owner">Named in the error.</param>
    internal static void ThrowIfLess(int value, int least, string parameter, SynchronizationPrimitive owner)
    {
        if (value < least)
            throw new ArgumentOutOfRangeException(parameter, value, $"{owner} needs a {parameter} of at least {least}.");
    }
}
