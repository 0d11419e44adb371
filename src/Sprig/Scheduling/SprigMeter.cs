using System.Diagnostics.Metrics;

namespace Sprig.Scheduling;

/// <summary>The one meter of the runtime, "Sprig": each floor makes its instruments of it. They are observed, not pushed: who counts
/// anyway is asked by whoever listens.</summary>
internal static class SprigMeter
{
    internal static Meter Instance { get; } = new("Sprig");
}
