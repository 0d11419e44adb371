using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Sprig.Linux;
using Xunit;

namespace Sprig.Tests.Linux;

[SupportedOSPlatform("linux")]
public sealed class DeviceAccessTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void The_group_that_owns_a_device_is_named()
    {
        string group = OwnByAGroup();
        Assert.Equal(group, DeviceAccess.GroupOf(_path));
    }

    [Theory]
    [InlineData(Errno.EACCES)]
    [InlineData(Errno.EPERM)]
    public void No_permission_says_which_group_and_how_to_join_it(int errno)
    {
        string group = OwnByAGroup();
        Exception error = DeviceAccess.Explain(errno, _path);
        Assert.IsType<UnauthorizedAccessException>(error);
        Assert.Equal(
            $"No permission to open {_path}: it belongs to the group '{group}'. Run 'sudo usermod -aG {group} $USER', then log in again.",
            error.Message);
    }

    [Fact]
    public void A_device_that_is_forbidden_says_so_when_it_is_opened()
    {
        string group = OwnByAGroup();
        // The owner's own class comes first: as its owner one is refused as well.
        File.SetUnixFileMode(_path, UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        UnprivilegedThread.Run(() =>
        {
            UnauthorizedAccessException error = Assert.Throws<UnauthorizedAccessException>(() => DeviceAccess.Open(_path));
            Assert.Contains($"'{group}'", error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_path_that_cannot_be_looked_at_has_no_group()
    {
        Assert.Null(DeviceAccess.GroupOf("/nowhere/tty"));
        Assert.StartsWith("No permission to open /nowhere/tty, and there is no group to join", DeviceAccess.Explain(Errno.EACCES, "/nowhere/tty").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_that_may_not_write_is_none_to_join()
    {
        OwnByAGroup();
        File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Null(DeviceAccess.GroupOf(_path));
    }

    [Fact]
    public void A_missing_device_is_named()
    {
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() => DeviceAccess.Open("/dev/ttyNowhere0"));
        Assert.Equal("There is no device /dev/ttyNowhere0.", error.Message);
        Assert.Equal("/dev/ttyNowhere0", error.FileName);
    }

    [Theory]
    [InlineData(Errno.EBUSY, "/dev/ttyX is in use by another program, which has opened it exclusively.")]
    [InlineData(Errno.ENXIO, "There is no hardware behind /dev/ttyX.")]
    [InlineData(Errno.ENODEV, "There is no hardware behind /dev/ttyX.")]
    public void Other_refusals_are_io_errors_that_keep_the_number(int errno, string message)
    {
        IOException error = Assert.IsType<IOException>(DeviceAccess.Explain(errno, "/dev/ttyX"));
        Assert.Equal((message, errno), (error.Message, error.HResult));
    }

    [Fact]
    public void An_error_without_a_cure_says_what_the_kernel_said()
    {
        Exception error = DeviceAccess.Explain(Errno.EMFILE, "/dev/ttyX");
        Assert.IsType<IOException>(error);
        Assert.StartsWith("open /dev/ttyX: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("(errno 24)", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Gives the file to 'dialout' where that may be done; else it belongs to a group of the user.</summary>
    private string OwnByAGroup()
    {
        File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        string[][] groups = [.. File.ReadLines("/etc/group").Select(line => line.Split(':')).Where(row => row.Length > 2)];
        if (Environment.IsPrivilegedProcess && groups.FirstOrDefault(row => row[0] == "dialout") is { } dialout)
        {
            Assert.Equal(0, ChangeOwner(_path, uint.MaxValue, uint.Parse(dialout[2], System.Globalization.CultureInfo.InvariantCulture)));
            return "dialout";
        }

        uint own = EffectiveGroup();
        return groups.First(row => row[2] == $"{own}")[0];
    }

    [DllImport("libc", EntryPoint = "chown", CharSet = CharSet.Ansi, BestFitMapping = false)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ChangeOwner([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint user, uint group);

    [DllImport("libc", EntryPoint = "getegid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint EffectiveGroup();
}
