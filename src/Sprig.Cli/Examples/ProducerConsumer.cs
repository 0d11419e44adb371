using Sprig.Hosting;
using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Sprig.Cli.Examples;

/// <summary><c>sprig example producer-consumer</c>: producers that are faster than the consumers wait while the queue between
/// them is full, and no item is lost or taken twice.</summary>
/// <param name="output">For what was counted.</param>
/// <param name="items">How many items there are: the numbers from 1 up.</param>
/// <param name="capacity">How many the queue holds; 0: without bound.</param>
/// <param name="producers">How many coroutines put.</param>
/// <param name="consumers">How many coroutines take.</param>
internal sealed class ProducerConsumer(TextWriter output, int items, int capacity, int producers, int consumers)
{
    private readonly AsyncQueue<int> _queue = new(capacity, "items");
    private readonly int[] _takenBy = new int[consumers];

    /// <summary>How often each item was taken: once, if all is well.</summary>
    private readonly byte[] _taken = new byte[items];
    private long _sum;
    private int _highest;

    /// <summary>Runs it; gives the exit code.</summary>
    internal int Run(SchedulerOptions options) => CoroutineProgram.Run(MainAsync, options);

    private async Task MainAsync()
    {
        string size = capacity == 0 ? "without bound" : $"of {capacity}";
        output.WriteLine($"{producers} producers put {items} items into a queue {size}, {consumers} consumers take them.");
        List<Coroutine> putting = [];
        for (int i = 0; i < producers; i++)
        {
            int first = i + 1;
            putting.Add(Coroutine.Spawn(() => ProduceAsync(first), new SpawnOptions { Name = $"producer {i + 1}" }));
        }

        List<Coroutine> taking = [];
        for (int i = 0; i < consumers; i++)
        {
            int number = i;
            taking.Add(Coroutine.Spawn(() => ConsumeAsync(number), new SpawnOptions { Name = $"consumer {i + 1}" }));
        }

        await Coroutine.JoinAll(putting, raiseError: true);
        await _queue.JoinAsync();                             // until TaskDone was called for every item
        _queue.Shutdown();                                    // ends the consumers' await foreach
        await Coroutine.JoinAll(taking, raiseError: true);
        Report();
    }

    private async Task ProduceAsync(int first)
    {
        for (int item = first; item <= items; item += producers)
        {
            await _queue.PutAsync(item);                      // waits while the queue is full
            _highest = Math.Max(_highest, _queue.Count);
        }
    }

    private async Task ConsumeAsync(int number)
    {
        await foreach (int item in _queue)                    // waits while it is empty
        {
            await Coroutine.Yield();                          // the work
            _taken[item - 1]++;
            _takenBy[number]++;
            _sum += item;
            _queue.TaskDone();
        }
    }

    private void Report()
    {
        long expected = items * (items + 1L) / 2;
        int lost = _taken.Count(times => times == 0);
        int doubled = _taken.Count(times => times > 1);
        (long forRoom, long forItems) = (_queue.PutStatistics.Contentions, _queue.GetStatistics.Contentions);
        output.WriteLine($"Producers waited for room {forRoom} times; the queue held {_highest} items at most.");
        output.WriteLine($"Consumers waited for an item {forItems} times.");
        output.WriteLine($"They took {string.Join(" + ", _takenBy)} = {_takenBy.Sum()}; lost: {lost}, taken twice: {doubled}.");
        output.WriteLine($"The sum is {_sum} (expected {expected}); {_queue.UnfinishedCount} items are unfinished.");
        if (lost + doubled > 0 || _sum != expected || _queue.UnfinishedCount != 0)
            throw new InvalidOperationException("Not every item was taken just once.");
    }
}
