using System.Runtime.Versioning;
using Sprig.Devices.Buses;
using Sprig.Tests.Linux;
using Xunit;

namespace Sprig.Devices.Tests.Buses;

/// <summary>DeviceFiles: what is said of a device that can't be opened.</summary>
[SupportedOSPlatform("linux")]
public sealed class DeviceFilesTests : IDisposable
{
    private readonly FileTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void A_device_that_may_be_opened_is_fine_and_left_alone()
    {
        _tree.Write("i2c-1", "bytes");
        int before = Directory.GetFileSystemEntries("/proc/self/fd").Length;
        for (int i = 0; i < 50; i++)
            DeviceFiles.ThrowIfClosed(_tree["i2c-1"], "i2c", "the cure");
        Assert.InRange(Directory.GetFileSystemEntries("/proc/self/fd").Length, 0, before + 25);
        Assert.Equal("bytes", File.ReadAllText(_tree["i2c-1"]));
    }

    [Fact]
    public void Without_permission_the_group_and_the_rules_are_named()
    {
        _tree.Write("i2c-1", "");
        File.SetUnixFileMode(_tree.Root, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(_tree["i2c-1"], UnixFileMode.None);
        UnauthorizedAccessException? error = null;
        UnprivilegedThread.Run(() => error = Assert.Throws<UnauthorizedAccessException>(() => DeviceFiles.ThrowIfClosed(_tree["i2c-1"], "i2c", "the cure")));
        Assert.Contains("sudo usermod -aG i2c $USER", error!.Message, StringComparison.Ordinal);
        Assert.Contains("hardware/udev", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("i2c-1", "there are /*i2c-20, /*i2c-21.")]
    [InlineData("spidev0.0", "there are /*spidev10.1.")]
    [InlineData("other-1", "there is none of its kind.")]
    [InlineData("none/i2c-1", "there is none of its kind.")]
    public void One_that_is_not_there_names_its_like_and_the_cure(string device, string expected)
    {
        foreach (string present in new[] { "i2c-21", "i2c-20", "spidev10.1" })
            _tree.Write(present, "");
        string message = Assert.Throws<FileNotFoundException>(() => DeviceFiles.ThrowIfClosed(_tree[device], "i2c", "the cure")).Message;
        Assert.Equal($"There is no {_tree[device]}; {expected.Replace("/*", $"{_tree.Root}/", StringComparison.Ordinal)} To turn it on: the cure.", message);
    }
}
