using Sprig.IO;
using Sprig.Scheduling;
using Xunit;

namespace OnBoard;

/// <summary>Names, who holds a line, and what becomes of what was left open.</summary>
public class HoldingTests
{
    [Fact]
    public void A_line_is_found_by_its_name_and_a_wrong_one_names_those_near() => Bench.Run(bench =>
    {
        Assert.Equal(17, bench.Chip.FindLine("GPIO17"));
        Assert.Contains("GPIO17", Assert.Throws<ArgumentException>(() => bench.Chip.FindLine("GPIO177")).Message, StringComparison.Ordinal);
        return Task.CompletedTask;
    });

    [Fact]
    public void Who_watches_a_line_sees_it_taken_set_anew_and_given_back() => Bench.Run(async bench =>
    {
        await using IAsyncEnumerator<GpioLineChange> changes = bench.Chip.WatchAsync(17).GetAsyncEnumerator();
        Coroutine<bool> first = Coroutine.Spawn(async () => await changes.MoveNextAsync());
        await Coroutine.Yield();
        using (GpioLineGroup line = bench.Chip.OpenLines([17], options: new GpioRequestOptions { Consumer = "the one" }))
        {
            Assert.True(await first);
            Assert.Equal((GpioLineChangeKind.Requested, "the one"), (changes.Current.Kind, changes.Current.Info.Consumer));
            line.Configure(new GpioLineSettings { Direction = GpioDirection.Output });
            Assert.True(await changes.MoveNextAsync());
            Assert.Equal((GpioLineChangeKind.Reconfigured, true), (changes.Current.Kind, changes.Current.Info.IsOutput));
        }

        do
            Assert.True(await changes.MoveNextAsync());
        while (changes.Current.Kind == GpioLineChangeKind.Reconfigured);
        Assert.Equal((GpioLineChangeKind.Released, false), (changes.Current.Kind, changes.Current.Info.IsUsed));
    });

    [Fact]
    public void An_output_left_open_is_safe_and_given_back_when_its_run_has_ended()
    {
        using Bench bench = Bench.Create();
        Assert.Throws<InvalidOperationException>(() => bench.RunOnce(() =>
        {
            bench.Chip.OpenOutput(17, new GpioOutputOptions { InitialLevel = true });
            Assert.True(bench.Measure(17));
            throw new InvalidOperationException("an accident");
        }));
        Assert.False(bench.Measure(17));
        Assert.False(bench.Chip.GetLineInfo(17).IsUsed);
    }

    [Fact]
    public void Given_back_by_another_thread_it_is_free_at_once_and_who_waits_is_told() => Bench.Run(async bench =>
    {
        GpioInput input = bench.Chip.OpenInput(17);
        Coroutine<GpioEdge> waiter = Coroutine.Spawn(async () => await input.WaitForEdgeAsync());
        while (waiter.State != CoroutineState.Blocked)
            await Coroutine.Yield();
        Thread thread = new(input.Dispose);
        thread.Start();
        // The loop stands still, and yet the line is free.
        thread.Join();
        bench.Chip.OpenInput(17).Dispose();
        await waiter.JoinAsync();
        Assert.IsType<ObjectDisposedException>(waiter.Exception);
    });

    [Fact]
    public void A_line_that_the_kernel_keeps_is_refused_as_such() => Bench.Run(bench =>
    {
        Assert.True(bench.Chip.GetLineInfo(Bench.ReservedLine).IsUsed);
        IOException error = Assert.Throws<IOException>(() => bench.Chip.OpenInput(Bench.ReservedLine));
        Assert.Contains($"'{Bench.ReservedBy}'", error.Message, StringComparison.Ordinal);
        return Task.CompletedTask;
    });

    [Fact]
    public void A_watch_of_many_lines_begins_with_its_enumerator() => Bench.Run(async bench =>
    {
        await using IAsyncEnumerator<GpioLineChange> changes = bench.Chip.WatchAsync().GetAsyncEnumerator();
        using GpioLineGroup lines = bench.Chip.OpenLines(Enumerable.Range(0, 20));
        HashSet<int> seen = [];
        for (int i = 0; i < 20; i++)
        {
            Assert.True(await changes.MoveNextAsync());
            Assert.Equal(GpioLineChangeKind.Requested, changes.Current.Kind);
            seen.Add(changes.Current.Info.Line);
        }

        Assert.Equal(Enumerable.Range(0, 20), seen.Order());
    });
}
