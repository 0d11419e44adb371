using Sprig.IO.Ports;
using Sprig.Scheduling;
using Sprig.Testing.Serial;
using Xunit;

namespace Sprig.Testing.Tests.Serial;

public class VirtualSerialTests
{
    [Fact]
    public void The_program_s_end_is_a_tty_and_bytes_pass_both_ways() => SerialRun.Run(async () =>
    {
        using VirtualSerial device = new();
        using SerialPort port = SerialPort.Open(device.DevicePath);
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        await device.WriteAsync(all);
        Assert.Equal(all, await SerialRun.ReadAsync(port, 256));
        await port.WriteAsync(all);
        Assert.Equal(all, await SerialRun.ReadAsync(device, 256));
        Assert.Equal(0, device.LostWrites);
    });

    [Fact]
    public void Reading_waits_while_nobody_has_the_tty_open() => SerialRun.Run(async () =>
    {
        using VirtualSerial device = new();
        List<byte> came = [];
        Coroutine reader = Coroutine.Spawn(async () =>
        {
            while (came.Count < 2)
                came.AddRange(await SerialRun.ReadAsync(device, 1));
        });
        foreach (byte one in "ab"u8.ToArray())
        {
            // Long enough to see that it is closed.
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(5));
            int before = came.Count;
            using SerialPort port = SerialPort.Open(device.DevicePath);
            await port.WriteAsync(new[] { one });
            await SerialRun.UntilAsync(() => came.Count > before);
        }

        await reader;
        Assert.Equal("ab"u8.ToArray(), came);
    });

    [Fact]
    public void Plugged_in_again_it_has_the_same_name_and_another_tty() => SerialRun.Run(async () =>
    {
        using VirtualSerial device = new("usb-sensor-if00");
        Assert.Equal("usb-sensor-if00", Path.GetFileName(device.DevicePath));
        string first = device.TtyPath!;
        Assert.Equal(first, File.ResolveLinkTarget(device.DevicePath, returnFinalTarget: false)!.FullName);
        using SerialPort before = SerialPort.Open(device.DevicePath);
        Coroutine<byte[]> reader = Coroutine.Spawn(() => SerialRun.ReadAsync(device, 1));
        await Coroutine.Yield();

        device.Unplug();
        device.Unplug();
        Assert.False(device.IsPlugged);
        Assert.Null(device.TtyPath);
        Assert.False(Path.Exists(device.DevicePath));
        Assert.Throws<FileNotFoundException>(() => SerialPort.Open(device.DevicePath));
        await SerialRun.ThrowsAsync<IOException>(async () => await before.ReadAsync(new byte[1]));

        device.Plug();
        device.Plug();
        Assert.True(device.IsPlugged);
        using SerialPort after = SerialPort.Open(device.DevicePath);
        await after.WriteAsync("x"u8.ToArray());
        Assert.Equal("x"u8.ToArray(), await reader);
    });

    [Fact]
    public void What_is_written_while_it_is_unplugged_is_lost_and_counted() => SerialRun.Run(async () =>
    {
        using VirtualSerial device = new();
        device.Unplug();
        await device.WriteAsync(new byte[1]);
        Assert.Equal(1, device.LostWrites);
        device.Plug();
        using SerialPort port = SerialPort.Open(device.DevicePath);
        await device.WriteAsync("y"u8.ToArray());
        Assert.Equal("y"u8.ToArray(), await SerialRun.ReadAsync(port, 1));
        Assert.Equal(1, device.LostWrites);
    });

    [Fact]
    public void A_write_without_room_waits_for_who_has_the_tty_open_and_for_nobody_else() => SerialRun.Run(async () =>
    {
        using VirtualSerial device = new();
        Coroutine<byte[]> reader = Coroutine.Spawn(() => SerialRun.ReadAsync(device, 1));
        Coroutine writer;
        using (SerialPort port = SerialPort.Open(device.DevicePath))
        {
            writer = Coroutine.Spawn(async () => await device.WriteAsync(new byte[1_000_000]));
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(50));
            Assert.True(writer.IsAlive);
            Assert.Equal(0, device.LostWrites);
        }

        await writer;
        Assert.Equal(1, device.LostWrites);
        await device.WriteAsync(new byte[1_000_000]);
        Assert.Equal(2, device.LostWrites);
        reader.Kill();
    });

    [Fact]
    public void A_write_that_waits_is_cut_off_by_unplugging_by_a_kill_and_by_a_deadline() => SerialRun.Run(async () =>
    {
        using VirtualSerial device = new();
        using SerialPort port = SerialPort.Open(device.DevicePath);
        Assert.False(await Deadline.TryRunAsync(TimeSpan.FromMilliseconds(20), async () => await device.WriteAsync(new byte[1_000_000])));
        Coroutine killed = Coroutine.Spawn(async () => await device.WriteAsync(new byte[1_000_000]));
        await Coroutine.Yield();
        killed.Kill();
        await killed.JoinAsync();
        Assert.Equal(CoroutineState.Killed, killed.State);
        Assert.Equal(0, device.LostWrites);
        Coroutine unplugged = Coroutine.Spawn(async () => await device.WriteAsync(new byte[1_000_000]));
        await Coroutine.Yield();
        device.Unplug();
        await unplugged;
        Assert.Equal(1, device.LostWrites);
    });

    [Fact]
    public void Disposing_it_wakes_who_reads_plugged_in_or_not_and_leaves_no_file() => SerialRun.Run(async () =>
    {
        foreach (bool plugged in (bool[])[true, false])
        {
            VirtualSerial device = new();
            using SerialPort port = SerialPort.Open(device.DevicePath);
            if (!plugged)
                device.Unplug();
            Coroutine reader = Coroutine.Spawn(() => SerialRun.ThrowsAsync<ObjectDisposedException>(async () => await device.ReadAsync(new byte[1])));
            await Coroutine.Yield();
            device.Dispose();
            device.Dispose();
            await reader;
            Assert.False(Directory.Exists(Path.GetDirectoryName(device.DevicePath)));
            await SerialRun.ThrowsAsync<ObjectDisposedException>(async () => await device.WriteAsync(new byte[1]));
            Assert.Throws<ObjectDisposedException>(device.Plug);
        }
    });

    [Fact]
    public void In_a_given_folder_only_its_name_comes_and_goes()
    {
        string folder = Directory.CreateTempSubdirectory("sprig-test-").FullName;
        try
        {
            using (VirtualSerial device = new("a", folder))
            {
                Assert.Equal(Path.Combine(folder, "a"), device.DevicePath);
                Assert.Throws<IOException>(() => new VirtualSerial("a", folder));
                Assert.True(Path.Exists(device.DevicePath));
            }

            Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        }
        finally
        {
            Directory.Delete(folder);
        }

        Assert.Throws<ArgumentException>(() => new VirtualSerial("a/b"));
        Assert.Throws<ArgumentException>(() => new VirtualSerial(""));
    }

    [Fact]
    public void It_is_awaited_alone()
    {
        using VirtualSerial device = new();
        Assert.True(device.CanRead && device.CanWrite && !device.CanSeek);
        Assert.Throws<NotSupportedException>(() => device.Read(new byte[1], 0, 1));
        Assert.Throws<NotSupportedException>(() => device.Write(new byte[1], 0, 1));
        Assert.Throws<NotSupportedException>(() => device.Length);
    }
}
