using System.Runtime.CompilerServices;
using Sprig.Scheduling;
using Sprig.Tests.IO;
using Xunit;

namespace Sprig.Tests.Scheduling;

public class LoopMethodBuilderTests
{
    [Fact]
    public void A_method_that_need_not_wait_has_its_result_at_once() => Run(async () =>
    {
        ValueTask<int> sum = AddAsync(1, 2, waits: 0);
        Assert.True(sum.IsCompletedSuccessfully);
        Assert.Equal(3, await sum);
        ValueTask nothing = DoAsync(waits: 0);
        Assert.True(nothing.IsCompletedSuccessfully);
        await nothing;
    });

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void A_method_that_waits_gives_its_result_when_it_has_ended(int waits) => Run(async () =>
    {
        ValueTask<int> sum = AddAsync(1, 2, waits);
        Assert.False(sum.IsCompleted);
        Assert.Equal(3, await sum);
        await DoAsync(waits);
    });

    [Fact]
    public void Its_end_and_its_awaiter_are_one_step() => Run(async () =>
    {
        List<string> log = [];
        _ = Coroutine.Spawn(async () =>
        {
            await Coroutine.Yield();
            log.Add("other");
        });
        await LogAsync(log);
        log.Add("awaiter");
        await Coroutine.Yield();
        Assert.Equal(["method", "awaiter", "other"], log);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void What_it_throws_is_thrown_where_it_is_awaited_with_its_stack(int waits) => Run(async () =>
    {
        InvalidOperationException error = await IoLoop.Throws<InvalidOperationException>(async () => await FailAsync(waits));
        Assert.Equal("failed", error.Message);
        Assert.Contains(nameof(FailAsync), error.StackTrace, StringComparison.Ordinal);
        await IoLoop.Throws<InvalidOperationException>(async () => await FailWithResultAsync(waits));
    });

    [Fact]
    public void A_kill_and_a_deadline_go_through_it() => Run(async () =>
    {
        Coroutine<int> killed = Coroutine.Spawn(() => AddAsync(1, 2, waits: 1_000_000));
        await Coroutine.Yield();
        await Coroutine.Yield();
        await killed.KillAsync();
        Assert.Equal(CoroutineState.Killed, killed.State);
        Assert.False(await Deadline.TryRunAsync(TimeSpan.FromSeconds(1), async () => await SleepAsync(TimeSpan.FromHours(1))));
    });

    [Fact]
    public void As_a_task_it_may_be_combined_and_is_cancelled_by_a_cancellation() => Run(async () =>
    {
        int[] sums = await Task.WhenAll(AddAsync(1, 2, 1).AsTask(), AddAsync(3, 4, 3).AsTask());
        Assert.Equal([3, 7], sums);
        Task cancelled = CancelAsync().AsTask();
        await IoLoop.Throws<OperationCanceledException>(() => cancelled);
        Assert.True(cancelled.IsCanceled);
    });

    [Fact]
    public void A_second_await_is_an_error() => Run(async () =>
    {
        ValueTask<int> sum = AddAsync(1, 2, waits: 1);
        await sum;
        await IoLoop.Throws<InvalidOperationException>(async () => await sum);
        ValueTask<int> twice = AddAsync(1, 2, waits: 2);
        Task<int> first = twice.AsTask();
        await IoLoop.Throws<InvalidOperationException>(() => twice.AsTask());
        Assert.Equal(3, await first);
    });

    [Fact]
    public void Its_result_is_not_to_be_had_before_its_end() => Run(async () =>
    {
        ValueTask<int> sum = AddAsync(1, 2, waits: 1);
        Assert.Throws<InvalidOperationException>(() => sum.GetAwaiter().GetResult());
        Assert.Equal(3, await sum);
    });

    [Fact]
    public void Many_may_wait_in_the_same_method_and_each_gets_its_own() => Run(async () =>
    {
        for (int round = 0; round < 3; round++)
        {
            Coroutine<int>[] all = [.. Enumerable.Range(0, 200).Select(i => Coroutine.Spawn(() => AddAsync(i, i, i % 7)))];
            for (int i = 0; i < all.Length; i++)
                Assert.Equal(2 * i, await all[i]);
        }
    });

    [Fact]
    public void One_that_awaits_itself_again_and_again_needs_no_stack() => Run(async () =>
    {
        int sum = 0;
        for (int i = 0; i < 100_000; i++)
            sum += await AddAsync(1, 0, waits: 1);
        Assert.Equal(100_000, sum);
        Assert.Equal(500, await NestAsync(500));
    });

    [Fact]
    public void Async_locals_are_the_callers_also_after_a_wait() => Run(async () =>
    {
        AsyncLocal<string> local = new() { Value = "main" };
        Coroutine other = Coroutine.Spawn(async () =>
        {
            local.Value = "other";
            Assert.Equal("other", await ReadAsync(local));
            Assert.Equal("other", local.Value);
        });
        Assert.Equal("main", await ReadAsync(local));
        await other;
        Assert.Equal("main", local.Value);
    });

    [Fact]
    public void After_a_foreign_task_the_coroutine_goes_on_on_the_loop() => Run(async () =>
    {
        int loop = Environment.CurrentManagedThreadId;
        for (int i = 0; i < 20; i++)
        {
            int ended = await AwayAsync();
            Assert.NotEqual(loop, ended);
            Assert.Equal(loop, Environment.CurrentManagedThreadId);
            Assert.Equal("main", Coroutine.Current.Name);
        }
    });

    [Fact]
    public async Task It_works_where_no_scheduler_runs()
    {
        for (int i = 0; i < 1000; i++)
            Assert.NotEqual(0, await (i % 2 == 0 ? AwayAsync() : AwayAndFurtherAsync()));
    }

    [Fact]
    public async Task One_that_takes_the_result_the_moment_it_is_there_leaves_the_next_method_its_box()
    {
        for (int i = 0; i < 20_000; i++)
        {
            ValueTask<int> polled = AwayAsync();
            while (!polled.IsCompleted)
                Thread.SpinWait(1);
            Assert.NotEqual(0, await polled);
            Assert.NotEqual(0, await AwayAsync());
        }
    }

    private static void Run(Func<Task> body) => new VirtualRun().Run(body);

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<int> AddAsync(int left, int right, int waits)
    {
        for (int i = 0; i < waits; i++)
            await Coroutine.Yield();
        return left + right;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<int> NestAsync(int depth)
    {
        if (depth > 0)
            return 1 + await NestAsync(depth - 1);
        await Coroutine.Yield();
        return 0;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private static async ValueTask DoAsync(int waits)
    {
        for (int i = 0; i < waits; i++)
            await Coroutine.Yield();
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private static async ValueTask SleepAsync(TimeSpan span) => await Coroutine.Sleep(span);

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private static async ValueTask LogAsync(List<string> log)
    {
        await Coroutine.Yield();
        log.Add("method");
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private static async ValueTask FailAsync(int waits)
    {
        await DoAsync(waits);
        throw new InvalidOperationException("failed");
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<string> FailWithResultAsync(int waits)
    {
        await FailAsync(waits);
        return "";
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private static async ValueTask CancelAsync()
    {
        await Coroutine.Yield();
        throw new OperationCanceledException();
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<string?> ReadAsync(AsyncLocal<string> local)
    {
        await Coroutine.Yield();
        string? value = local.Value;
        local.Value = "inner";
        await Coroutine.Yield();
        return value;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<int> AwayAsync()
    {
        await Task.Run(() => { }).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return Environment.CurrentManagedThreadId;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<int> AwayAndFurtherAsync() => await AwayAsync().ConfigureAwait(false) + await AwayAsync().AsTask();
}
