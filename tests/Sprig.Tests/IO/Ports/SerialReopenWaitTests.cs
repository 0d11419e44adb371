using Sprig.IO.Ports;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO.Ports;

/// <summary>What a port does while its device is away, and what ends that; what it tells when it is back.</summary>
public class SerialReopenWaitTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    public enum Phase
    {
        /// <summary>There is no such name.</summary>
        Away,

        /// <summary>The name leads to what can't be opened.</summary>
        Refused,
    }

    [Theory]
    [InlineData(Phase.Away)]
    [InlineData(Phase.Refused)]
    public void A_deadline_a_token_and_a_kill_end_a_wait_in_every_phase(Phase phase) => IoLoop.RunVirtually(async () =>
    {
        using UnpluggableDevice device = UnpluggableDevice.PluggedIn();
        using SerialPort port = await LoseAsync(device, phase);
        foreach (Func<CancellationToken, Task> wait in Waits(port))
        {
            await IoLoop.Throws<DeadlineExceededException>(() => Deadline.RunAsync(s_second, () => wait(default)));
            using CancellationTokenSource source = new();
            Coroutine cancelled = Coroutine.Spawn(() => wait(source.Token));
            await IoLoop.UntilBlocked(cancelled);
            await source.CancelAsync();
            Assert.Equal(source.Token, (await IoLoop.Throws<OperationCanceledException>(async () => await cancelled)).CancellationToken);
            Coroutine killed = Coroutine.Spawn(() => wait(default));
            await IoLoop.UntilBlocked(killed);
            await killed.KillAsync();
            Assert.Equal(CoroutineState.Killed, killed.State);
        }

        // None of them has taken anything along.
        if (phase == Phase.Refused)
            Directory.Delete(Path.GetDirectoryName(device.Name)!, recursive: true);
        device.Plug();
        await port.WriteAsync("on"u8.ToArray());
        Assert.Equal("on", await device.ReceiveAsync(2));
        Assert.Equal(1, port.ReopenCount);
    });

    [Theory]
    [InlineData(Phase.Away, false)]
    [InlineData(Phase.Refused, false)]
    [InlineData(Phase.Away, true)]
    [InlineData(Phase.Refused, true)]
    public void Closing_it_wakes_all_who_wait(Phase phase, bool fromAnotherThread) => IoLoop.Run(async () =>
    {
        using UnpluggableDevice device = UnpluggableDevice.PluggedIn();
        SerialPort port = await LoseAsync(device, phase);
        Coroutine[] waiters = [.. Waits(port).Select(wait => Coroutine.Spawn(() => wait(default)))];
        foreach (Coroutine waiter in waiters)
            await IoLoop.UntilBlocked(waiter);
        if (fromAnotherThread)
            await Task.Run(port.Dispose);
        else
            port.Dispose();
        foreach (Coroutine waiter in waiters)
            await IoLoop.Throws<ObjectDisposedException>(async () => await waiter);
        Assert.False(port.IsConnected);
        foreach (Func<CancellationToken, Task> wait in Waits(port))
            await IoLoop.Throws<ObjectDisposedException>(() => wait(default));
    });

    [Fact]
    public void Closing_it_wakes_those_who_wait_while_it_is_connected() => IoLoop.Run(async () =>
    {
        using UnpluggableDevice device = UnpluggableDevice.PluggedIn();
        SerialPort port = device.Open();
        Coroutine waiter = Coroutine.Spawn(async () => await port.WaitForReopenAsync(0));
        Coroutine reader = Coroutine.Spawn(async () => await port.ReadAsync(new byte[1]));
        await IoLoop.UntilBlocked(waiter);
        await IoLoop.UntilBlocked(reader);
        port.Dispose();
        await IoLoop.Throws<ObjectDisposedException>(async () => await waiter);
        await IoLoop.Throws<ObjectDisposedException>(async () => await reader);
    });

    [Fact]
    public void A_device_that_cannot_be_opened_is_tried_again_by_the_times_of_the_policy() => IoLoop.RunVirtually(async () =>
    {
        using UnpluggableDevice device = UnpluggableDevice.PluggedIn();
        using SerialPort port = await LoseAsync(device, Phase.Refused, new ReopenPolicy { FirstDelay = s_second, LongestDelay = 4 * s_second });
        MonotonicTime start = MonotonicTime.Now;
        Coroutine<long> waiter = Coroutine.Spawn(() => port.WaitForReopenAsync(0));
        await Coroutine.Sleep(TimeSpan.FromSeconds(6.5));
        Assert.Contains("no serial device", port.ConnectionFailure?.Message, StringComparison.Ordinal);
        // Where its folder isn't touched, nothing tells of it: tried after 1, 2, 4 and 4 seconds.
        using UnpluggableDevice behind = UnpluggableDevice.PluggedIn();
        device.LinkTo($"{behind.Name}2");
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(100));
        File.CreateSymbolicLink($"{behind.Name}2", behind.Terminal.DevicePath);
        Assert.Equal(1, await waiter);
        Assert.InRange(MonotonicTime.Now - start, TimeSpan.FromSeconds(6.6), TimeSpan.FromSeconds(7));
    });

    [Fact]
    public void It_tells_when_the_device_goes_though_nobody_reads_and_when_it_is_back() => IoLoop.Run(async () =>
    {
        using UnpluggableDevice device = UnpluggableDevice.PluggedIn();
        using SerialPort port = device.Open();
        List<bool> changes = [];
        port.ConnectionChanged += (sender, _) => changes.Add(((SerialPort)sender!).IsConnected);
        Coroutine<long> waiter = Coroutine.Spawn(() => port.WaitForReopenAsync(0));
        for (int i = 1; i <= 3; i++)
        {
            await IoLoop.UntilBlocked(waiter);
            await device.UnplugAndWaitAsync(port);
            device.Plug();
            Assert.Equal(i, await waiter);
            waiter = Coroutine.Spawn(() => port.WaitForReopenAsync(port.ReopenCount));
        }

        Assert.Equal([false, true, false, true, false, true], changes);
        Assert.Equal(3, await port.WaitForReopenAsync(2));
        await waiter.KillAsync();
    });

    [Fact]
    public void A_handler_that_fails_ends_nothing() => IoLoop.Run(async () =>
    {
        using UnpluggableDevice device = UnpluggableDevice.PluggedIn();
        using SerialPort port = device.Open();
        int calls = 0;
        port.ConnectionChanged += (_, _) =>
        {
            calls++;
            throw new InvalidOperationException("the handler's own");
        };
        Coroutine<long> waiter = Coroutine.Spawn(() => port.WaitForReopenAsync(0));
        await IoLoop.UntilBlocked(waiter);
        await device.UnplugAndWaitAsync(port);
        device.Plug();
        Assert.Equal(1, await waiter);
        Assert.Equal(2, calls);
    });

    [Fact]
    public void One_that_goes_as_soon_as_it_is_opened_does_not_keep_the_loop_busy() => IoLoop.RunVirtually(async () =>
    {
        using UnpluggableDevice device = UnpluggableDevice.PluggedIn();
        using SerialPort port = await LoseAsync(device, Phase.Away);
        MonotonicTime start = MonotonicTime.Now;
        List<double> held = [];
        device.Plug();
        Coroutine<int> reader = Coroutine.Spawn(() => port.ReadAsync(new byte[1]));
        for (int i = 1; i <= 4; i++)
        {
            while (port.ReopenCount < i)
                await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
            held.Add((MonotonicTime.Now - start).TotalMilliseconds);
            // Hung up, and there again before anybody could see that it was away.
            var old = device.Terminal;
            device.Plug();
            start = MonotonicTime.Now;
            old.Dispose();
        }

        Assert.Equal(0, held[0], tolerance: 2);
        Assert.Equal(20, held[1], tolerance: 2);
        Assert.Equal(40, held[2], tolerance: 2);
        Assert.Equal(80, held[3], tolerance: 2);
        await reader.KillAsync();
    });

    [Theory]
    [InlineData(0, 1000)]
    [InlineData(20, 10)]
    public void A_policy_that_makes_no_sense_is_a_mistake_of_the_caller(int first, int longest)
    {
        ReopenPolicy policy = new() { FirstDelay = TimeSpan.FromMilliseconds(first), LongestDelay = TimeSpan.FromMilliseconds(longest) };
        Assert.Throws<ArgumentOutOfRangeException>(() => SerialPort.Open("/dev/null", new SerialSettings { Reopen = policy }));
    }

    private static Func<CancellationToken, Task>[] Waits(SerialPort port) =>
    [
        async token => await port.ReadAsync(new byte[1], token),
        async token => await port.WriteAsync(new byte[1], token),
        async token => await port.WaitForReopenAsync(port.ReopenCount, token),
    ];

    private static async Task<SerialPort> LoseAsync(UnpluggableDevice device, Phase phase, ReopenPolicy? policy = null)
    {
        SerialPort port = device.Open(policy);
        await port.WriteAsync(new byte[1]);
        await device.ReceiveAsync(1);
        await device.UnplugAndWaitAsync(port);
        if (phase == Phase.Refused)
            device.LinkTo("/dev/null");
        return port;
    }
}
