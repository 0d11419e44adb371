using System.Text.Json.Serialization;
using Sprig.Supervision;

namespace Snippets.Guide;

/// <summary>The guide's pieces on work outside of the loop; each region is one fence.</summary>
internal static partial class Processes
{
    internal static async Task ProcessesAsync(Func<long, long> countPrimes)
    {
        #region processes
        // In Main, before anything else: registers what workers can do, then serves if this process was started as a worker.
        ProcessEntry<long, long> primes = ProcessWorker.Register("primes", countPrimes, Numbers.Default.Int64, Numbers.Default.Int64);
        ProcessWorker.ServeIfAsked();

        // In a coroutine: four child processes of this program, for four cores.
        await using ProcessPool pool = new(size: 4);
        await foreach (long count in pool.Map(primes, [1_000_000, 2_000_000, 3_000_000]))
            Console.WriteLine(count);
        #endregion
    }

    [JsonSerializable(typeof(long))]
    private sealed partial class Numbers : JsonSerializerContext;
}
