using System.Device.Gpio;
using Sprig.Devices.Drivers;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Devices.Tests.Drivers;

/// <summary>Bytes in steady state, on lines that allocate nothing themselves. No asserts within the rounds: they allocate.</summary>
public class DriverAllocationTests
{
    private const PinEventTypes Both = PinEventTypes.Rising | PinEventTypes.Falling;
    private const int WarmUp = 2000;
    private const int Rounds = 1000;

    [Fact]
    public void Reads_writes_and_toggles_allocate_nothing()
    {
        using GpioController controller = Open(out _, PinMode.Output);
        controller.OpenPin(2, PinMode.Output);
        PinValuePair[] pairs = [new(1, 1), new(2, 0)];
        Assert.Equal(0, Measure(() =>
        {
            controller.Write(pairs);
            controller.Read(pairs);
            controller.Read(1);
            controller.Toggle(1);
        }));
    }

    [Fact]
    public void A_wait_of_a_coroutine_and_a_handler_that_does_not_await_allocate_nothing() => CoroutineScheduler.Run(async () =>
    {
        using GpioController controller = Open(out CountingChip chip, PinMode.Input);
        int calls = 0;
        controller.RegisterCallbackForPinValueChangedEvent(1, Both, (_, _) => calls++);
        Coroutine edges = SpawnEdges(chip);
        long before = 0;
        for (int i = 0; i < WarmUp + Rounds; i++)
        {
            if (i == WarmUp)
                before = GC.GetAllocatedBytesForCurrentThread();
            await controller.WaitForEventAsync(1, Both, CancellationToken.None);
        }

        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        await edges.KillAsync();
        Assert.InRange(calls, WarmUp + Rounds - 1, int.MaxValue);
        Assert.Equal(0, bytes);
    });

    [Fact]
    public void A_wait_with_a_token_takes_at_most_256_bytes() => CoroutineScheduler.Run(async () =>
    {
        using GpioController controller = Open(out CountingChip chip, PinMode.Input);
        using CancellationTokenSource source = new();
        Coroutine edges = SpawnEdges(chip);
        long before = 0;
        for (int i = 0; i < WarmUp + Rounds; i++)
        {
            if (i == WarmUp)
                before = GC.GetAllocatedBytesForCurrentThread();
            await controller.WaitForEventAsync(1, Both, source.Token);
        }

        long bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
        await edges.KillAsync();
        Assert.InRange(bytes, 0, 256);
    });

    private static GpioController Open(out CountingChip chip, PinMode mode)
    {
        chip = new CountingChip(isSilent: true);
        GpioController controller = new(new SprigGpioDriver(chip));
        controller.OpenPin(1, mode);
        return controller;
    }

    private static Coroutine SpawnEdges(CountingChip chip) => Coroutine.Spawn(async () =>
    {
        while (true)
        {
            await Coroutine.Yield();
            chip.Edge();
        }
    });

    private static long Measure(Action round)
    {
        for (int i = 0; i < WarmUp; i++)
            round();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Rounds; i++)
            round();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
