using Sprig.IO;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO;

/// <summary>Lines that are given back: by whom, on which thread, and that nothing of them is left.</summary>
[Collection(DescriptorsCollection.Name)]
public class GpioLineEndTests
{
    [Fact]
    public void Another_thread_gives_a_line_back_at_once_though_a_coroutine_waits_for_it() => IoLoop.Run(async () =>
    {
        using LineDouble line = new();
        Coroutine<GpioEdge> waiter = Coroutine.Spawn(() => line.Input.WaitForEdgeAsync());
        await IoLoop.UntilBlocked(waiter);
        Thread thread = new(line.Input.Dispose);
        thread.Start();
        // The loop stands still meanwhile: what it has still to do for the line it can't have done.
        thread.Join();
        Assert.Throws<IOException>(() => line.WriteByte());
        await IoLoop.Throws<ObjectDisposedException>(async () => await waiter);
    });

    [Fact]
    public void What_another_thread_gave_back_takes_no_descriptor_and_no_place_in_the_set()
    {
        LineDouble[] lines = [.. Enumerable.Range(0, 20).Select(number => new LineDouble(number))];
        int before = DescriptorLimit.Count();
        IoLoop.Run(async () =>
        {
            Coroutine[] waiters = [.. lines.Select(line => Coroutine.Spawn(async () => await IoLoop.Throws<ObjectDisposedException>(async () => await line.Input.WaitForEdgeAsync())))];
            await IoLoop.UntilBlocked(waiters[^1]);
            await Task.WhenAll(lines.Select(line => Task.Run(line.Input.Dispose)));
            foreach (Coroutine waiter in waiters)
                await waiter;
            // The numbers are free again, and a line that gets one of them is nobody's twin.
            using LineDouble next = new(5);
            next.Edges(1);
            Assert.Equal(1u, (await next.Input.WaitForEdgeAsync()).Sequence);
        });
        Assert.InRange(DescriptorLimit.Count(), before - 25, before - 15);
        Array.ForEach(lines, line => line.Dispose());
    }

    [Fact]
    public void What_another_thread_gives_back_while_the_run_ends_is_closed()
    {
        int before = DescriptorLimit.Count();
        for (int i = 0; i < 50; i++)
        {
            using LineDouble line = new();
            Thread? thread = null;
            IoLoop.Run(async () =>
            {
                Assert.False(await Deadline.TryRunAsync(TimeSpan.Zero, async () => await line.Input.WaitForEdgeAsync()));
                thread = new Thread(line.Input.Dispose);
                thread.Start();
            });
            thread!.Join();
        }

        Assert.InRange(DescriptorLimit.Count() - before, -20, 20);
    }

    [Fact]
    public void Without_a_descriptor_to_spare_it_is_given_back_all_the_same() => IoLoop.Run(async () =>
    {
        using LineDouble line = new();
        Coroutine<GpioEdge> waiter = Coroutine.Spawn(() => line.Input.WaitForEdgeAsync());
        await IoLoop.UntilBlocked(waiter);
        // A thread takes descriptors when it starts.
        using ManualResetEventSlim go = new();
        Thread thread = new(() =>
        {
            go.Wait();
            line.Input.Dispose();
        });
        thread.Start();
        using (DescriptorLimit limit = new())
        {
            go.Set();
            thread.Join();
        }

        await IoLoop.Throws<ObjectDisposedException>(async () => await waiter);
        Assert.Throws<IOException>(() => line.WriteByte());
    });

    [Fact]
    public void A_line_outlives_the_run_in_which_somebody_only_waited_for_it()
    {
        using LineDouble line = new();
        IoLoop.Run(async () => Assert.False(await Deadline.TryRunAsync(TimeSpan.Zero, async () => await line.Input.WaitForEdgeAsync())));
        Assert.False(line.Input.IsDisposed);
        line.Edges(1);
        IoLoop.Run(async () => Assert.Equal(1u, (await line.Input.WaitForEdgeAsync()).Sequence));
    }

    [Fact]
    public void A_line_that_a_run_waits_for_is_no_other_runs() => IoLoop.Run(async () =>
    {
        using LineDouble line = new();
        Coroutine<GpioEdge> waiter = Coroutine.Spawn(() => line.Input.WaitForEdgeAsync());
        await IoLoop.UntilBlocked(waiter);
        SchedulerThread other = CoroutineScheduler.Start(async () => await line.Input.WaitForEdgeAsync());
        await IoLoop.Throws<InvalidOperationException>(async () => await other.JoinAsync());
        line.Edges(1);
        Assert.Equal(1u, (await waiter).Sequence);
    });

    [Fact]
    public void The_settings_of_what_is_no_line_can_t_be_changed_and_stay()
    {
        using LineDouble line = new();
        IOException error = Assert.Throws<IOException>(() => line.Group.Configure(new GpioLineSettings()));
        Assert.StartsWith("configure line 17 of /dev/gpiochip0: ", error.Message, StringComparison.Ordinal);
        Assert.Equal(GpioEdges.Both, line.Group.Settings[0].Edges);
    }

    [Fact]
    public void More_ways_than_the_kernel_takes_say_so()
    {
        int[] lines = [.. Enumerable.Range(0, 12)];
        GpioLineSettings[] settings = [.. lines.Select(line => new GpioLineSettings { Debounce = TimeSpan.FromMilliseconds(line + 1) })];
        using LineDouble group = new(lines, settings);
        ArgumentException error = Assert.Throws<ArgumentException>(() => group.Group.Configure(0, new GpioLineSettings()));
        Assert.Contains("it takes 11 attributes, and the kernel takes 10", error.Message, StringComparison.Ordinal);
    }
}
