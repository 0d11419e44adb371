using System.Threading.Channels;
using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Snippets.Guide;

/// <summary>The guide's pieces on futures and joining; each region is one fence.</summary>
internal static class Futures
{
    internal static async Task ChannelsAsync(Action<ChannelWriter<int>> produceOnAnotherThread)
    {
        #region channels
        AsyncQueue<int> samples = new(capacity: 100);
        ChannelWriter<int> fromOutside = samples.AsChannelWriter();     // for any thread; waits while the queue is full
        produceOnAnotherThread(fromOutside);
        await foreach (int sample in samples)                           // ends when the writer is completed
            Console.WriteLine(sample);
        #endregion
    }

    internal static async Task ChannelOutAsync(Action<ChannelReader<string>> writeOnAnotherThread)
    {
        #region channel_out
        AsyncQueue<string> lines = new(capacity: 100);
        ChannelReader<string> outside = lines.AsChannelReader();        // for any thread; an item counts as done when it is in the channel
        writeOnAnotherThread(outside);
        await lines.PutAsync("started");                                // waits while the thread is slow
        lines.Shutdown();                                               // completes the channel when the queue is empty
        await outside.Completion;
        #endregion
    }

    internal static async Task JoiningAsync(Func<int, Task<string>> fetchAsync)
    {
        #region joining
        List<Coroutine<string>> fetches = [.. Enumerable.Range(0, 5).Select(i => Coroutine.Spawn(() => fetchAsync(i)))];
        Coroutine<string>? first = await Coroutine.WaitAny(fetches, timeout: TimeSpan.FromSeconds(1));
        IReadOnlyList<Coroutine<string>> three = await Coroutine.WaitAll(fetches, count: 3);
        await foreach (Coroutine<string> ended in Coroutine.WaitEach(fetches))      // as they end
            Console.WriteLine(ended.State == CoroutineState.Completed ? ended.Result : $"{ended.Name}: {ended.State}");
        await Coroutine.KillAll(fetches);
        #endregion
        Console.WriteLine($"{first} {three.Count}");
    }

    internal static async Task FutureAsync(Coroutine<double> sensor)
    {
        #region future
        CompletionSource<double> calibration = new("calibration");
        calibration.AddDoneCallback(done => Console.WriteLine(done.Result));    // soon after, on the loop
        calibration.CompleteFrom(sensor);                       // a link; or SetResult, SetException, SetCanceled
        double offset = await calibration;                      // as many coroutines as like
        #endregion
        Console.WriteLine(offset);
    }

    internal static async Task TasksAsync(HttpClient http, Func<Task<int>> countAsync)
    {
        #region tasks
        Coroutine<string> page = http.GetStringAsync("http://127.0.0.1/").AsCoroutine();   // joined, killed, listed like any other
        Task<int> counting = Coroutine.Spawn(countAsync).AsTask();                          // for code that wants tasks
        #endregion
        Console.WriteLine($"{await page} {await counting}");
    }
}
