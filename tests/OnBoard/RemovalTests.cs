using System.Device.Gpio;
using Sprig.Devices.Drivers;
using Sprig.IO;
using Sprig.Scheduling;
using Xunit;

namespace OnBoard;

/// <summary>The chip is taken away while it is in use.</summary>
public class RemovalTests
{
    [Fact]
    public void Every_waiter_gets_an_error_that_says_so_and_nothing_is_left() => Bench.Run(async bench =>
    {
        GpioChip chip = bench.Chip;
        using GpioController controller = new(new SprigGpioDriver(chip, ownsChip: false, new SprigGpioDriverOptions { Together = [[20, 21]] }));
        controller.OpenPin(17, PinMode.Input);
        controller.OpenPin(20, PinMode.Output, PinValue.High);
        controller.OpenPin(21, PinMode.Input);
        using GpioInput four = chip.OpenInput(4), five = chip.OpenInput(5), six = chip.OpenInput(6);
        using GpioLineGroup group = chip.OpenLines([7, 8], new GpioLineSettings { Edges = GpioEdges.Both });
        using GpioOutput output = chip.OpenOutput(9);
        await using IAsyncEnumerator<GpioLineChange> watch = chip.WatchAsync(22).GetAsyncEnumerator();
        Coroutine[] waiters =
        [
            Coroutine.Spawn(async () => await four.WaitForEdgeAsync()),
            Coroutine.Spawn(async () => await four.WaitForLevelAsync(true)),
            Coroutine.Spawn(async () => await GpioInput.WaitForAnyAsync([five, six])),
            Coroutine.Spawn(async () => await group.WaitForEdgeAsync()),
            Coroutine.Spawn(async () => await watch.MoveNextAsync()),
            Coroutine.Spawn(async () => await controller.WaitForEventAsync(17, PinEventTypes.Rising, CancellationToken.None)),
            Coroutine.Spawn(async () => await controller.WaitForEventAsync(21, PinEventTypes.Rising, CancellationToken.None)),
        ];
        Exception? outside = null;
        Thread thread = new(() => outside = Record.Exception(() => controller.WaitForEvent(17, PinEventTypes.Falling, CancellationToken.None)));
        using (CoroutineScheduler.Current.ExpectPosts())
        {
            thread.Start();
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(20));
            while (controller.QueryComponentInformation().SubComponents[0].Properties["Waits"] != "3")
                await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
            bench.Unplug();
            foreach (Coroutine waiter in waiters)
                await waiter.JoinAsync();
            while (thread.IsAlive)
                await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
        }

        // Two waited for the edges of one line: the second was refused at once.
        Assert.IsType<InvalidOperationException>(waiters[1].Exception);
        foreach (Exception? error in waiters.Where((_, i) => i != 1).Select(waiter => waiter.Exception).Append(outside))
            Assert.Contains("device is gone", Assert.IsAssignableFrom<IOException>(error).Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => output.Write(true));
        Assert.Throws<IOException>(() => four.Read());
        Assert.Throws<IOException>(() => group.Configure(new GpioLineSettings()));
        Assert.Throws<IOException>(() => chip.GetLineInfo(4));
        Assert.Throws<IOException>(() => chip.OpenInput(10));
        await Assert.ThrowsAsync<IOException>(async () => await four.WaitForEdgeAsync());
        // Whoever comes later is told too, again and again.
        await Assert.ThrowsAsync<IOException>(async () => await four.WaitForEdgeAsync());
    });

    [Fact]
    public void A_run_whose_chip_is_gone_ends_with_its_lines_left_open()
    {
        using Bench bench = Bench.Create();
        bench.RunOnce(() =>
        {
            bench.Chip.OpenOutput(17, new GpioOutputOptions { InitialLevel = true });
            bench.Chip.OpenInput(4);
            bench.Unplug();
            return Task.CompletedTask;
        });
    }
}
