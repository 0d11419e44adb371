using BenchmarkDotNet.Attributes;
using Sprig.Polling;
using Sprig.Scheduling;

namespace Benchmarks;

/// <summary>The small ones. What needs the loop runs many times within one run of it, so that starting it counts for
/// nothing.</summary>
public class MicroBenchmarks
{
    private const int Times = 100_000;
    private const int ArmedTimers = 100;
    private static readonly SchedulerOptions s_options = new() { HandleSignals = false };
    private readonly TimerHeap _timers = new();
    private readonly NoWaiter _timer = new();
    private readonly ReadyQueue _ready = new();
    private readonly Action _callback = () => { };

    [GlobalSetup]
    public void ArmTimers()
    {
        for (int i = 0; i < ArmedTimers; i++)
            _timers.Add(new NoWaiter(), i * 1000L);
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public void Yield() => Run(async () =>
    {
        for (int i = 0; i < Times; i++)
            await Coroutine.Yield();
    });

    [Benchmark(OperationsPerInvoke = Times)]
    public void SleepZero() => Run(async () =>
    {
        for (int i = 0; i < Times; i++)
            await Coroutine.Sleep(TimeSpan.Zero);
    });

    [Benchmark(OperationsPerInvoke = Times)]
    public void SpawnAndJoin() => Run(async () =>
    {
        for (int i = 0; i < Times; i++)
            await Coroutine.Spawn(static () => Task.CompletedTask);
    });

    [Benchmark(OperationsPerInvoke = Times)]
    public void WaitAndWake() => Run(async () =>
    {
        WaitQueue queue = new("the benchmark");
        Coroutine waiter = Coroutine.Spawn(async () =>
        {
            for (int i = 0; i < Times; i++)
                await queue.WaitAsync();
        });
        for (int woken = 0; woken < Times; woken += queue.WakeAll())
            await Coroutine.Yield();
        await waiter;
    });

    [Benchmark(OperationsPerInvoke = Times)]
    public void NestedCallThatSuspends() => Run(async () =>
    {
        for (int i = 0; i < Times; i++)
            await NestedAsync();
    });

    [Benchmark(OperationsPerInvoke = Times)]
    public void TimerAddAndRemove()
    {
        for (int i = 0; i < Times; i++)
        {
            _timers.Add(_timer, 50_500);
            _timers.Remove(_timer);
        }
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public int ReadyEnqueueAndDequeue()
    {
        int got = 0;
        for (int i = 0; i < Times; i++)
        {
            _ready.Enqueue(null, _callback, null);
            got += _ready.Dequeue().State is null ? 1 : 0;
        }

        return got;
    }

    private static void Run(Func<Task> main) => CoroutineScheduler.Run(main, s_options);

    private static async ValueTask NestedAsync() => await Coroutine.Yield();

    private sealed class NoWaiter : Waiter
    {
        internal override void OnDue()
        {
        }
    }
}
