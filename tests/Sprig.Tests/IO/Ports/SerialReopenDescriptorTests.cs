using Sprig.IO.Ports;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO.Ports;

/// <summary>Counts descriptors of the process: see the collection.</summary>
[Collection(DescriptorsCollection.Name)]
public class SerialReopenDescriptorTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ten_unpluggings_leak_no_descriptor_and_no_watch(bool withEvents) => IoLoop.RunVirtually(async () =>
    {
        using UnpluggableDevice device = UnpluggableDevice.PluggedIn();
        using SerialPort port = device.Open();
        Coroutine? reader = null;
        if (withEvents)
            port.DataReceived += (_, _) => port.ReadExisting();
        else
            reader = Coroutine.Spawn(async () => await IoLoop.ReadExactly(port, 100));
        string[] before = [];
        for (int i = 0; i < 11; i++)
        {
            await device.UnplugAndWaitAsync(port);
            // A descriptor that is left of the old one would keep its number from the new one.
            Assert.DoesNotContain(Descriptors(), target => target.StartsWith(device.Terminal.DevicePath, StringComparison.Ordinal));
            await device.PlugAndWaitAsync(port);
            await device.SendAsync("x");
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
            if (i == 0)
                before = Descriptors();
        }

        Assert.Equal(before.Length, Descriptors().Length);
        Assert.DoesNotContain("anon_inode:inotify", Descriptors());
        if (reader is not null)
            await reader.KillAsync();
    });

    [Fact]
    public void A_wait_that_was_given_up_leaks_none() => IoLoop.RunVirtually(async () =>
    {
        using UnpluggableDevice device = UnpluggableDevice.PluggedIn();
        using SerialPort port = device.Open();
        await device.UnplugAndWaitAsync(port);
        int before = Descriptors().Length;
        for (int i = 0; i < 10; i++)
        {
            await IoLoop.Throws<DeadlineExceededException>(() => Deadline.RunAsync(TimeSpan.FromSeconds(1), async () => await port.ReadAsync(new byte[1])));
            await IoLoop.Throws<DeadlineExceededException>(() => Deadline.RunAsync(TimeSpan.FromSeconds(1), async () => await SerialDevices.WaitForAsync(device.Name)));
        }

        Assert.Equal(before, Descriptors().Length);
        Assert.DoesNotContain("anon_inode:inotify", Descriptors());
    });

    // Ttys and inotifies: others are the test runner's, and come and go.
    private static string[] Descriptors()
        => [.. Directory.EnumerateFileSystemEntries("/proc/self/fd")
            .Select(entry => new FileInfo(entry).LinkTarget ?? "")
            .Where(target => target.StartsWith("/dev/pt", StringComparison.Ordinal) || target == "anon_inode:inotify")];
}
