using Sprig.Scheduling;

namespace Benchmarks;

/// <summary>W1: two coroutines yield in turn; what one switch costs.</summary>
internal static class W1Switch
{
    private static readonly SteadyState s_state = new("w1", 20_000_000, 1_000_000);

    internal static Measurement OnSprig() => CoroutineScheduler.Run(() => s_state.OnSprigAsync(async switches =>
    {
        Coroutine one = Coroutine.Spawn(() => YieldOften(switches / 2));
        Coroutine two = Coroutine.Spawn(() => YieldOften(switches / 2));
        await one;
        await two;
    }));

    internal static Measurement OnDefault() => Task.Run(() => s_state.OnDefaultAsync(
        switches => Task.WhenAll(Task.Run(() => YieldTasksOften(switches / 2)), Task.Run(() => YieldTasksOften(switches / 2))))).GetAwaiter().GetResult();

    private static async Task YieldOften(int times)
    {
        for (int i = 0; i < times; i++)
            await Coroutine.Yield();
    }

    private static async Task YieldTasksOften(int times)
    {
        for (int i = 0; i < times; i++)
            await Task.Yield();
    }
}
