using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>Zero bytes in steady state, for what a program does all day.</summary>
public class AllocationTests
{
    private const int WarmUp = 200;
    private const int Rounds = 2000;
    private readonly VirtualRun _run = new();
    private long _before;
    private long _allocated = -1;

    [Fact]
    public void Yielding_allocates_nothing() => Expect0(async () =>
    {
        _ = Coroutine.Spawn(
            async () =>
            {
                while (true)
                    await Coroutine.Yield();
            },
            new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
        for (int i = 0; i < WarmUp + Rounds; i++)
        {
            Measure(i);
            await Coroutine.Yield();
        }
    });

    [Fact]
    public void Sleeping_allocates_nothing() => Expect0(async () =>
    {
        for (int i = 0; i < WarmUp + Rounds; i++)
        {
            Measure(i);
            await Coroutine.Sleep(VirtualRun.Seconds(1));
        }
    });

    [Fact]
    public void Sleeping_as_a_value_task_allocates_nothing() => Expect0(async () =>
    {
        for (int i = 0; i < WarmUp + Rounds; i++)
        {
            Measure(i);
            await Coroutine.Sleep(VirtualRun.Seconds(1)).AsValueTask();
            await Coroutine.Sleep(VirtualRun.Seconds(1)).AsValueTask().ConfigureAwait(false);
        }
    });

    [Fact]
    public void Ticking_allocates_nothing() => Expect0(async () =>
    {
        Ticker ticker = new(VirtualRun.Seconds(1));
        for (int i = 0; i < WarmUp + Rounds; i++)
        {
            Measure(i);
            await ticker.NextAsync();
        }
    });

    [Fact]
    public void Waiting_in_line_and_waking_allocate_nothing() => Expect0(async () =>
    {
        WaitQueue there = new("there");
        WaitQueue back = new("back");
        for (int number = 0; number < 3; number++)
        {
            _ = Coroutine.Spawn(
                async () =>
                {
                    while (true)
                    {
                        await there.WaitAsync();
                        back.WakeOne();
                    }
                },
                new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
        }

        await Coroutine.Yield();
        for (int i = 0; i < WarmUp + Rounds; i++)
        {
            Measure(i);
            there.WakeOne();
            await back.WaitAsync(VirtualRun.Seconds(1));
            // And one that nobody wakes.
            await back.WaitAsync(VirtualRun.Seconds(1));
        }
    });

    [Fact]
    public void Joining_allocates_nothing() => Expect0(async () =>
    {
        Coroutine target = Coroutine.Spawn(Bodies.SleepForEver, new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
        Coroutine ended = Coroutine.Spawn(() => Task.CompletedTask);
        for (int i = 0; i < WarmUp + Rounds; i++)
        {
            Measure(i);
            await target.JoinAsync(VirtualRun.Seconds(1));
            await ended.JoinAsync();
            await ended;
        }
    });

    private void Measure(int round)
    {
        if (round == WarmUp)
            _before = GC.GetAllocatedBytesForCurrentThread();
        else if (round == WarmUp + Rounds - 1)
            _allocated = GC.GetAllocatedBytesForCurrentThread() - _before;
    }

    private void Expect0(Func<Task> main)
    {
        _run.Run(main);
        Assert.Equal(0, _allocated);
    }
}
