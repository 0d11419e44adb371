using System.Threading.Channels;
using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Benchmarks;

/// <summary>W3: one producer, one consumer, a bounded queue between them; what an item costs. The sum is checked.</summary>
internal sealed class W3Queue(string workload, int capacity)
{
    private readonly SteadyState _state = new(workload, 10_000_000, 500_000);

    internal Measurement OnSprig() => CoroutineScheduler.Run(() => _state.OnSprigAsync(async items =>
    {
        AsyncQueue<int> queue = new(capacity);
        Coroutine producer = Coroutine.Spawn(async () =>
        {
            for (int i = 0; i < items; i++)
                await queue.PutAsync(i);
        });
        long sum = 0;
        for (int i = 0; i < items; i++)
            sum += await queue.GetAsync();
        await producer;
        Check(items, sum);
    }));

    internal Measurement OnDefault() => Task.Run(() => _state.OnDefaultAsync(async items =>
    {
        Channel<int> channel = Channel.CreateBounded<int>(new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true });
        Task producer = Task.Run(async () =>
        {
            for (int i = 0; i < items; i++)
                await channel.Writer.WriteAsync(i);
        });
        long sum = 0;
        for (int i = 0; i < items; i++)
            sum += await channel.Reader.ReadAsync();
        await producer;
        Check(items, sum);
    })).GetAwaiter().GetResult();

    private static void Check(long items, long sum)
    {
        if (sum != items * (items - 1) / 2)
            throw new InvalidOperationException($"The sum of {items} items is {sum}.");
    }
}
