using Sprig.Scheduling;

namespace Sprig.Tests.Scheduling;

/// <summary>Coroutine bodies that many tests want.</summary>
internal static class Bodies
{
    internal static async Task Fail(string message)
    {
        await Coroutine.Yield();
        throw new InvalidOperationException(message);
    }

    internal static async Task FailAfter(double seconds, string message)
    {
        await Coroutine.Sleep(TimeSpan.FromSeconds(seconds));
        throw new InvalidOperationException(message);
    }

    internal static async Task SleepFor(double seconds) => await Coroutine.Sleep(TimeSpan.FromSeconds(seconds));

    internal static async Task SleepForEver() => await Coroutine.Sleep(Timeout.InfiniteTimeSpan);

    /// <summary>Catches whatever comes, and goes on.</summary>
    internal static async Task NeverGiveUp()
    {
        while (true)
        {
            try
            {
                await Coroutine.Sleep(TimeSpan.FromSeconds(1));
            }
            catch (OperationCanceledException)
            {
                // That is the point.
            }
        }
    }
}
