using Sprig.Scheduling;
using Sprig.Supervision;
using Sprig.Synchronization;
using Sprig.Tests.IO;
using Xunit;

namespace Sprig.Tests.Supervision;

/// <summary>ProcessPool: results, errors, order, limits.</summary>
public class ProcessPoolTests
{
    [Fact]
    public void Work_is_done_in_another_process_and_the_next_in_the_same() => WorkerRun.With(2, async pool =>
    {
        Assert.Equal(42, await pool.RunAsync(WorkerEntries.Double, 21));
        int process = await pool.RunAsync(WorkerEntries.ProcessId, 0);
        Assert.NotEqual(Environment.ProcessId, process);
        Assert.Equal(process, await pool.RunAsync(WorkerEntries.ProcessId, 0));
        Assert.Equal([process], pool.ProcessIds);
    });

    [Fact]
    public void A_worker_is_a_scheduler_and_its_work_a_coroutine() => WorkerRun.With(
        1, async pool => Assert.Equal(42, await pool.RunAsync(WorkerEntries.DoubleLater, 21)));

    [Fact]
    public void No_process_is_started_before_there_is_work() => WorkerRun.With(2, async pool =>
    {
        await Coroutine.Yield();
        Assert.Empty(pool.ProcessIds);
    });

    [Fact]
    public void Two_pieces_of_work_run_at_once_in_two_processes() => WorkerRun.With(2, async pool =>
    {
        string[] files = [WorkerRun.NewPath(), WorkerRun.NewPath()];
        PoolWork<int>[] works = [.. files.Select(file => pool.Submit(WorkerEntries.Block, file))];
        Assert.True(pool.IsFull);
        HashSet<int> processes = [await WorkerRun.UntilBlocked(files[0]), await WorkerRun.UntilBlocked(files[1])];
        Assert.Equal(processes.Order(), pool.ProcessIds.Order());
        Assert.Equal(2, processes.Count);
        PoolWork<int> third = pool.Submit(WorkerEntries.Double, 1);
        Assert.Equal((2, 1), (pool.Count, pool.PendingCount));
        Assert.Null(third.Coroutine);
        works[0].Coroutine!.Kill();
        Assert.Equal(2, await AwaitAsync(third));
        works[1].Coroutine!.Kill();
    });

    [Fact]
    public void Two_hundred_items_over_two_workers_come_in_order_and_each_once() => WorkerRun.With(2, async pool =>
    {
        List<int> got = [];
        await foreach (int result in pool.Map(WorkerEntries.Double, Enumerable.Range(0, 200)))
            got.Add(result);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => i * 2), got);
        Assert.InRange(pool.ProcessIds.Count, 1, 2);
    });

    [Fact]
    public void Results_as_they_come_are_each_there_once() => WorkerRun.With(2, async pool =>
    {
        List<int> got = [];
        await foreach (int result in pool.MapEach(WorkerEntries.Double, Enumerable.Range(0, 100)))
            got.Add(result);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => i * 2), got.Order());
    });

    [Fact]
    public void A_queue_is_worked_off_by_processes_until_it_is_shut_down() => WorkerRun.With(2, async pool =>
    {
        AsyncQueue<int> queue = new(capacity: 2);
        Coroutine feeder = Coroutine.Spawn(async () =>
        {
            for (int i = 0; i < 20; i++)
                await queue.PutAsync(i);
            queue.Shutdown();
        });
        List<int> got = [];
        await foreach (int result in pool.Map(WorkerEntries.Double, queue))
            got.Add(result);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => i * 2), got);
        await feeder;
        queue = new AsyncQueue<int>();
        queue.PutNoWait(1);
        queue.Shutdown();
        await foreach (int result in pool.MapEach(WorkerEntries.Double, queue))
            Assert.Equal(2, result);
    });

    [Fact]
    public void The_inputs_are_read_no_further_ahead_than_the_window_allows() => WorkerRun.With(2, async pool =>
    {
        int read = 0;
        int got = 0;
        await foreach (int result in pool.Map(WorkerEntries.Double, Inputs(), window: 3))
        {
            Assert.Equal(got++ * 2, result);
            Assert.InRange(read, got, got + 3);
            if (got == 20)
                break;
        }

        IEnumerable<int> Inputs()
        {
            while (true)
                yield return read++;
        }
    });

    [Fact]
    public void An_error_comes_in_its_place_and_those_behind_it_can_be_had() => WorkerRun.With(2, async pool =>
    {
        await using IAsyncEnumerator<int> results = pool.Map(WorkerEntries.End, ["exit 3", "kill"]).GetAsyncEnumerator();
        WorkerCrashedException first = await IoLoop.Throws<WorkerCrashedException>(async () => await results.MoveNextAsync());
        Assert.Equal(3, first.ExitCode);
        WorkerCrashedException second = await IoLoop.Throws<WorkerCrashedException>(async () => await results.MoveNextAsync());
        Assert.Equal(9, second.Signal);
        Assert.False(await results.MoveNextAsync());
    });

    [Fact]
    public void An_exception_comes_back_with_its_type_its_message_and_its_stack_and_the_worker_goes_on() => WorkerRun.With(1, async pool =>
    {
        int process = await pool.RunAsync(WorkerEntries.ProcessId, 0);
        ProcessWorkException error = await IoLoop.Throws<ProcessWorkException>(() => pool.RunAsync(WorkerEntries.Fail, "out of paper"));
        Assert.Equal("fail", error.Entry);
        Assert.Equal("System.InvalidOperationException", error.RemoteType);
        Assert.Equal("out of paper", error.RemoteMessage);
        Assert.Contains("FailInDepth", error.RemoteStackTrace, StringComparison.Ordinal);
        Assert.Contains("the reason", error.RemoteStackTrace, StringComparison.Ordinal);
        Assert.Equal("'fail' failed in its worker process: System.InvalidOperationException: out of paper", error.Message);
        Assert.Contains("FailInDepth", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(process, await pool.RunAsync(WorkerEntries.ProcessId, 0));
    });

    [Fact]
    public void An_exception_of_endless_text_is_cut_and_arrives() => WorkerRun.With(1, async pool =>
    {
        string text = new('ü', 1_000_000);
        ProcessWorkException error = await IoLoop.Throws<ProcessWorkException>(() => pool.RunAsync(WorkerEntries.Fail, text));
        Assert.StartsWith("üüü", error.RemoteMessage, StringComparison.Ordinal);
        Assert.Equal(4, await pool.RunAsync(WorkerEntries.Double, 2));
    });

    [Fact]
    public void Five_megabytes_go_there_and_back() => WorkerRun.With(1, async pool =>
    {
        string text = string.Create(5_000_000, 0, static (span, _) =>
        {
            for (int i = 0; i < span.Length; i++)
                span[i] = (char)('a' + (i % 26));
        });
        Assert.Equal(text, await pool.RunAsync(WorkerEntries.Echo, text));
        Assert.Equal(text, await pool.RunAsync(WorkerEntries.Echo, text));
    });

    [Fact]
    public void What_is_too_long_is_an_error_that_says_so_and_the_worker_goes_on() => WorkerRun.With(
        1,
        async pool =>
        {
            Assert.Equal(998, (await pool.RunAsync(WorkerEntries.Long, 998)).Length);
            ArgumentException input = await IoLoop.Throws<ArgumentException>(() => pool.RunAsync(WorkerEntries.Echo, new string('x', 999)));
            Assert.StartsWith("The input of 'echo' is 1001 bytes of JSON, where 1000 are allowed.", input.Message, StringComparison.Ordinal);
            ProcessWorkException output = await IoLoop.Throws<ProcessWorkException>(() => pool.RunAsync(WorkerEntries.Long, 999));
            Assert.StartsWith("The result is 1001 bytes of JSON, where 1000 are allowed.", output.RemoteMessage, StringComparison.Ordinal);
            Assert.Single(pool.ProcessIds);
            Assert.Equal(4, await pool.RunAsync(WorkerEntries.Double, 2));
        },
        new ProcessPoolOptions { MaxMessageBytes = 1000 });

    [Fact]
    public void What_a_worker_or_its_children_print_does_not_get_between() => WorkerRun.With(1, async pool =>
    {
        Assert.Equal(8, await pool.RunAsync(WorkerEntries.Print, "(worker)"));
        Assert.Equal(4, await pool.RunAsync(WorkerEntries.Double, 2));
    });

    [Fact]
    public void A_worker_does_not_take_itself_for_one_when_it_starts_programs() => WorkerRun.With(
        1, async pool => Assert.Null(await pool.RunAsync(WorkerEntries.EnvironmentVariable, ProcessWorker.Variable)));

    [Fact]
    public void An_entry_that_the_worker_does_not_know_is_an_error_that_names_those_it_knows() => WorkerRun.With(1, async pool =>
    {
        ProcessEntry<int, int> late = ProcessWorker.Register($"late {Guid.NewGuid()}", (int i) => i, WorkerTypes.Default.Int32, WorkerTypes.Default.Int32);
        ProcessWorkException error = await IoLoop.Throws<ProcessWorkException>(() => pool.RunAsync(late, 1));
        Assert.StartsWith($"The worker process knows no entry '{late.Name}' but 'double', 'double later', ", error.RemoteMessage, StringComparison.Ordinal);
    });

    [Fact]
    public void Bad_input_is_refused_at_once()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProcessPool(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProcessPool(1, new ProcessPoolOptions { MaxMessageBytes = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProcessPool(1, new ProcessPoolOptions { StartTimeout = TimeSpan.FromSeconds(-1) }));
        Assert.Throws<ArgumentException>(() => new ProcessPool(1, new ProcessPoolOptions { Command = [] }));
        Assert.Throws<ArgumentException>(() => ProcessWorker.Register("double", (int i) => i, WorkerTypes.Default.Int32, WorkerTypes.Default.Int32));
        Assert.Throws<ArgumentException>(() => ProcessWorker.Register("", (int i) => i, WorkerTypes.Default.Int32, WorkerTypes.Default.Int32));
        Assert.Throws<ArgumentNullException>(() => ProcessWorker.Register("null", (Func<int, int>)null!, WorkerTypes.Default.Int32, WorkerTypes.Default.Int32));
        ProcessPool pool = new(1, new ProcessPoolOptions { Name = "sums" });
        Assert.Equal("ProcessPool 'sums'", pool.ToString());
        Assert.Throws<ArgumentNullException>(() => { _ = pool.RunAsync<int, int>(null!, 1); });
        IoLoop.Run(async () =>
        {
            await pool.ShutdownAsync();
            Assert.True(pool.IsShutdown);
            await IoLoop.Throws<InvalidOperationException>(() => pool.RunAsync(WorkerEntries.Double, 1));
        });
    }

    private static async Task<T> AwaitAsync<T>(PoolWork<T> work) => await work;
}
