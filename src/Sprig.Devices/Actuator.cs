namespace Sprig.Devices;

/// <summary>One thing that a device drives, between 0 and 1: a line, which knows only the two ends, or a PWM channel.</summary>
internal abstract class Actuator : IDisposable
{
    /// <summary>As it stands in the names of coroutines and in errors: "line 17".</summary>
    internal abstract string Name { get; }

    /// <summary>Whether it knows only 0 and 1.</summary>
    internal abstract bool IsDigital { get; }

    /// <summary>What Dispose, and a work that is killed, leave it at.</summary>
    internal abstract double SafeValue { get; }

    /// <summary>What is driven; setting it drives it.</summary>
    internal abstract double Value { get; set; }

    internal abstract bool IsDisposed { get; }

    /// <summary>Drives the safe value, then gives the line or the channel back.</summary>
    public abstract void Dispose();

    /// <summary>Drives the safe value, where there is still something to drive.</summary>
    internal void Rest() => Rest(SafeValue);

    /// <summary>Drives a value, where there is still something to drive.</summary>
    internal void Rest(double value)
    {
        if (IsDisposed)
            return;
        try
        {
            Value = value;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The chip is gone, or the channel was closed by somebody else. Who writes next is told; here an error would
            // hide the one that led here.
        }
    }

    /// <summary>Disposes of all, whatever one of them throws.</summary>
    internal static void DisposeAll(IEnumerable<IDisposable> all)
    {
        List<Exception> failures = [];
        foreach (IDisposable one in all)
        {
            try
            {
                one.Dispose();
            }
#pragma warning disable CA1031 // The others must still come to their safe state; thrown below.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failures.Add(e);
            }
        }

        if (failures.Count > 0)
            throw new AggregateException(failures);
    }
}
