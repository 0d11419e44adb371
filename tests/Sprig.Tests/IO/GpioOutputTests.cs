using Sprig.IO;
using Xunit;

namespace Sprig.Tests.IO;

public class GpioOutputTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_begins_with_its_initial_level_and_does_not_drive_it_again(bool level)
    {
        RecordingRequest request = new(new GpioOutputOptions { InitialLevel = level });
        Assert.Equal(level, request.Output.Level);
        Assert.Empty(request.Log);
    }

    [Fact]
    public void Write_level_and_toggle_all_drive()
    {
        RecordingRequest request = new(new GpioOutputOptions());
        request.Output.Write(true);
        request.Output.Level = false;
        request.Output.Toggle();
        request.Output.Toggle();
        Assert.Equal(["high", "low", "high", "low"], request.Log);
    }

    [Theory]
    [InlineData(true, "high")]
    [InlineData(false, "low")]
    public void Dispose_drives_the_safe_level_then_gives_the_line_back_once(bool safe, string driven)
    {
        RecordingRequest request = new(new GpioOutputOptions { SafeLevel = safe });
        request.Output.Dispose();
        request.Output.Dispose();
        Assert.Equal([driven, "released"], request.Log);
        Assert.True(request.Output.IsDisposed);
        Assert.Equal(safe, request.Output.SafeLevel);
    }

    [Fact]
    public void Without_a_safe_level_it_stays_as_it_is()
    {
        RecordingRequest request = new(new GpioOutputOptions { SafeLevel = null, InitialLevel = true });
        request.Output.Dispose();
        Assert.Equal(["released"], request.Log);
        Assert.True(request.Output.Level);
    }

    [Fact]
    public void Driving_after_dispose_is_an_error_that_names_the_line()
    {
        RecordingRequest request = new(new GpioOutputOptions());
        request.Output.Dispose();
        Assert.Equal("line 5 of a fake", Assert.Throws<ObjectDisposedException>(() => request.Output.Write(true)).ObjectName);
        Assert.Throws<ObjectDisposedException>(request.Output.Toggle);
        Assert.Equal(["low", "released"], request.Log);
    }

    [Fact]
    public void A_level_that_could_not_be_driven_is_not_taken_for_driven()
    {
        RecordingRequest request = new(new GpioOutputOptions()) { IsGone = true };
        Assert.Throws<IOException>(() => request.Output.Write(true));
        Assert.False(request.Output.Level);
        Assert.Throws<IOException>(request.Output.Toggle);
        Assert.False(request.Output.Level);
    }

    [Fact]
    public void Dispose_gives_the_line_back_though_the_chip_is_gone()
    {
        RecordingRequest request = new(new GpioOutputOptions()) { IsGone = true };
        request.Output.Dispose();
        Assert.Equal(["released"], request.Log);
        Assert.True(request.Output.IsDisposed);
    }
}
