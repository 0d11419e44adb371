using System.Device.I2c;
using Sprig.Devices.Buses;
using Sprig.Scheduling;
using Sprig.Testing;
using Xunit;

namespace Sprig.Devices.Tests.Buses;

/// <summary>Coroutines, a foreign thread, kills and ends in every order: whatever happens, nobody waits for ever, no two are on the bus at
/// once, and it is closed once, after the last transfer.</summary>
public class RandomBusTests
{
    [Fact]
    public void Whatever_the_order_the_bus_is_used_by_one_and_closed_after_the_last()
    {
        for (int seed = 0; seed < 60; seed++)
            Run(seed);
    }

    private static void Run(int seed)
    {
        // A transfer takes a while, so that there is one under way.
        FakeI2cBus fake = new() { OnTransfer = _ => Thread.SpinWait(30_000) };
        Random random = new(seed);
        Thread? lane = null;
        int answers = 0;
        CoroutineScheduler.Run(
            async () =>
            {
                SprigI2cBus bus = new(fake);
                SprigI2cDevice[] devices = [bus.CreateDevice(0x40), bus.CreateDevice(0x76), bus.CreateDevice(0x29)];
                lane = bus.Lane.Run(() => Thread.CurrentThread);
                List<Coroutine> users = [.. Enumerable.Range(0, 12).Select(number => Coroutine.Spawn(
                    () => UseAsync(devices[number % 3], number, () => answers++)))];
                Thread foreign = new(() => Use(devices[random.Next(3)]));
                foreign.Start();
                if (random.Next(2) == 0)
                    users.Add(Coroutine.Spawn(() => Tolerate(async () => await bus.ScanAsync())));
                for (int i = random.Next(20); i > 0; i--)
                    await Coroutine.Yield();
                users[random.Next(users.Count)].Kill();
                if (random.Next(2) == 0)
                    bus.RemoveDevice(0x76);
                for (int i = random.Next(20); i > 0; i--)
                    await Coroutine.Yield();
                users[random.Next(users.Count)].Kill();
                if (random.Next(2) == 0)
                    await Coroutine.JoinAll(users);
                bus.Dispose();
                await Coroutine.JoinAll(users);
                foreign.Join();
            },
            new SchedulerOptions { Clock = new TestClock { Patience = BusRun.Patience }, RandomSeed = seed, ErrorOutput = TextWriter.Null });
        lane!.Join();
        Assert.True(fake.Closed.IsSet && !fake.WasClosedInTransfer && !fake.WasUsedByTwo, $"seed {seed}");
        Assert.Empty(fake.OpenAddresses);
        Assert.InRange(answers, 0, 24);
    }

    private static Task UseAsync(SprigI2cDevice device, int number, Action answered) => Tolerate(async () =>
    {
        byte[] buffer = [0xEE, 0xEE];
        try
        {
            if (number % 4 == 0)
                await device.Lane.RunAsync(() => device.WriteRead([1], buffer));
            else
                await device.WriteReadAsync(new byte[] { 1 }, buffer);
            Assert.Equal([1, 2], buffer);
            answered();
            await device.WriteByteAsync((byte)number);
            answered();
        }
        catch when (number % 4 != 0)
        {
            Assert.True(buffer is [0xEE, 0xEE] or [1, 2]);
            throw;
        }
    });

    private static void Use(I2cDevice device)
    {
        try
        {
            for (int i = 0; i < 5; i++)
                device.ReadByte();
        }
        catch (Exception e) when (e is ObjectDisposedException or IOException)
        {
            // One of the two ends that there may be.
        }
    }

    private static async Task Tolerate(Func<Task> use)
    {
        try
        {
            await use();
        }
        catch (Exception e) when (e is ObjectDisposedException or IOException)
        {
            // One of the two ends that there may be; a kill is the third.
        }
    }
}
