using System.Globalization;
using Sprig.Hosting;
using Sprig.Scheduling;
using Sprig.Supervision;

namespace Sprig.Cli.Examples;

/// <summary><c>sprig example pool</c>: jobs run through a pool, so many at once; their results in the order of the jobs, or as
/// they come. An error stands at its own job's place, and the others' results come all the same.</summary>
/// <param name="output">For the results.</param>
/// <param name="size">How many run at once.</param>
internal sealed class PoolMap(TextWriter output, int size)
{
    private const int Broken = 3;
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);

    /// <summary>How many steps of time each job takes.</summary>
    private static readonly int[] s_steps = [3, 1, 1, 2];
    private readonly CoroutinePool _pool = new(size, "jobs");
    private MonotonicTime _start;
    private int _running;
    private int _most;

    /// <summary>Runs it; gives the exit code.</summary>
    internal int Run(SchedulerOptions options) => CoroutineProgram.Run(MainAsync, options);

    private async Task MainAsync()
    {
        int[] jobs = [.. Enumerable.Range(1, s_steps.Length)];
        output.WriteLine($"{jobs.Length} jobs in a pool of {size}; job {Broken} fails.");
        output.WriteLine("Map, in the order of the jobs:");
        await ShowAsync(_pool.Map(jobs, WorkAsync));
        output.WriteLine("MapEach, as they come:");
        await ShowAsync(_pool.MapEach(jobs, WorkAsync));
        output.WriteLine($"Jobs that ran at once: {_most} at most.");
    }

    /// <summary>A job: takes its time, as a download would.</summary>
    private async Task<string> WorkAsync(int job)
    {
        _most = Math.Max(_most, ++_running);
        try
        {
            MonotonicTime start = MonotonicTime.Now;
            await Coroutine.Sleep(s_step * s_steps[job - 1]);
            if (job == Broken)
                throw new IOException($"job {job} failed");
            return $"job {job}, which took {Seconds(MonotonicTime.Now - start)}";
        }
        finally
        {
            _running--;
        }
    }

    /// <summary>Where no error is expected, or the first one is to end it all, "await foreach" does.</summary>
    private async Task ShowAsync(IAsyncEnumerable<string> results)
    {
        _start = MonotonicTime.Now;
        await using IAsyncEnumerator<string> result = results.GetAsyncEnumerator();
        while (true)
        {
            try
            {
                if (!await result.MoveNextAsync())
                    return;
                Say(result.Current);
            }
            catch (IOException e)
            {
                Say(e.Message);
            }
        }
    }

    private void Say(string what) => output.WriteLine($"  after {Seconds(MonotonicTime.Now - _start)}: {what}");

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture);
}
