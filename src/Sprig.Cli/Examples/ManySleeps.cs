using System.Globalization;
using Sprig.Hosting;
using Sprig.Scheduling;

namespace Sprig.Cli.Examples;

/// <summary><c>sprig example sleeps</c>: waiting one after the other against waiting at once, on one thread either way.</summary>
/// <param name="output">For the times.</param>
/// <param name="count">How many sleeps.</param>
/// <param name="length">How long each is.</param>
internal sealed class ManySleeps(TextWriter output, int count, TimeSpan length)
{
    /// <summary>Runs it; gives the exit code.</summary>
    internal int Run(SchedulerOptions options) => CoroutineProgram.Run(MainAsync, options);

    private async Task MainAsync()
    {
        output.WriteLine($"{count} sleeps of {Seconds(length)}:");
        output.WriteLine($"  one after the other      {Seconds(await TimeAsync(OneAfterTheOtherAsync))}");
        output.WriteLine($"  a coroutine for each     {Seconds(await TimeAsync(AtOnceAsync))}");
    }

    private async Task OneAfterTheOtherAsync()
    {
        for (int i = 0; i < count; i++)
            await Coroutine.Sleep(length);
    }

    private async Task AtOnceAsync()
    {
        List<Coroutine> sleepers = [];
        for (int i = 0; i < count; i++)
            sleepers.Add(Coroutine.Spawn(async () => await Coroutine.Sleep(length)));
        await Coroutine.JoinAll(sleepers, raiseError: true);
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> what)
    {
        MonotonicTime start = MonotonicTime.Now;
        await what();
        return MonotonicTime.Now - start;
    }

    /// <summary>"1.0 s"; shorter ones to the millisecond.</summary>
    private static string Seconds(TimeSpan time)
        => time.TotalSeconds.ToString(time.TotalSeconds < 0.95 ? "0.000 s" : "0.0 s", CultureInfo.InvariantCulture);
}
