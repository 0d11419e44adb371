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

    /// <summary>Acts after a time, counted from when all that is ready now, and what that makes ready, has begun to sleep: so behind those
    /// that sleep as long, and before those that they wake.</summary>
    internal static void ActAfter(double seconds, Action action) => Coroutine.Spawn(async () =>
    {
        for (int i = 0; i < 5; i++)
            await Coroutine.Yield();
        await SleepFor(seconds);
        action();
    });

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
