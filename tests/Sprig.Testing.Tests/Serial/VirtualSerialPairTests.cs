using Sprig.IO.Ports;
using Sprig.Scheduling;
using Sprig.Testing.Serial;
using Xunit;

namespace Sprig.Testing.Tests.Serial;

public class VirtualSerialPairTests
{
    [Fact]
    public void A_megabyte_passes_whole_each_way_at_once() => SerialRun.Run(async () =>
    {
        using VirtualSerialPair pair = VirtualSerial.CreatePair();
        using SerialPort one = SerialPort.Open(pair.First.DevicePath), two = SerialPort.Open(pair.Second.DevicePath);
        byte[] there = new byte[1_000_000], back = new byte[1_000_000];
        new Random(1).NextBytes(there);
        new Random(2).NextBytes(back);
        Coroutine first = Coroutine.Spawn(async () => await one.WriteAsync(there));
        Coroutine second = Coroutine.Spawn(async () => await two.WriteAsync(back));
        Coroutine<byte[]> came = Coroutine.Spawn(() => SerialRun.ReadAsync(one, back.Length));
        Assert.Equal(there, await SerialRun.ReadAsync(two, there.Length));
        Assert.Equal(back, await came);
        await first;
        await second;
        Assert.Equal((0, 0), (pair.First.LostWrites, pair.Second.LostWrites));
    });

    [Fact]
    public void An_end_that_is_unplugged_and_plugged_in_goes_on() => SerialRun.Run(async () =>
    {
        using VirtualSerialPair pair = VirtualSerial.CreatePair();
        using SerialPort one = SerialPort.Open(pair.First.DevicePath);
        pair.Second.Unplug();
        await one.WriteAsync("lost"u8.ToArray());
        await SerialRun.UntilAsync(() => pair.Second.LostWrites == 1);
        pair.Second.Plug();
        using SerialPort two = SerialPort.Open(pair.Second.DevicePath);
        await one.WriteAsync("kept"u8.ToArray());
        Assert.Equal("kept"u8.ToArray(), await SerialRun.ReadAsync(two, 4));
        await two.WriteAsync("back"u8.ToArray());
        Assert.Equal("back"u8.ToArray(), await SerialRun.ReadAsync(one, 4));
    });

    [Fact]
    public void Disposed_it_leaves_no_coroutine_and_no_file() => SerialRun.Run(async () =>
    {
        int before = CoroutineScheduler.Current.Coroutines.Count;
        VirtualSerialPair pair = VirtualSerial.CreatePair();
        Assert.Equal(before + 2, CoroutineScheduler.Current.Coroutines.Count);
        await Coroutine.Yield();
        pair.Dispose();
        await SerialRun.UntilAsync(() => CoroutineScheduler.Current.Coroutines.Count == before);
        Assert.False(Path.Exists(Path.GetDirectoryName(pair.First.DevicePath)));
        Assert.False(Path.Exists(Path.GetDirectoryName(pair.Second.DevicePath)));
    });

    [Fact]
    public void It_needs_a_loop_and_without_one_leaves_nothing()
        => Assert.Throws<InvalidOperationException>(VirtualSerial.CreatePair);
}
