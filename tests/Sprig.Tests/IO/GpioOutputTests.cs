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
        Recorder output = new(new GpioOutputOptions { InitialLevel = level });
        Assert.Equal(level, output.Level);
        Assert.Empty(output.Log);
    }

    [Fact]
    public void Write_level_and_toggle_all_drive()
    {
        Recorder output = new(new GpioOutputOptions());
        output.Write(true);
        output.Level = false;
        output.Toggle();
        output.Toggle();
        Assert.Equal(["high", "low", "high", "low"], output.Log);
    }

    [Theory]
    [InlineData(true, "high")]
    [InlineData(false, "low")]
    public void Dispose_drives_the_safe_level_then_gives_the_line_back_once(bool safe, string driven)
    {
        Recorder output = new(new GpioOutputOptions { SafeLevel = safe });
        output.Dispose();
        output.Dispose();
        Assert.Equal([driven, "released"], output.Log);
        Assert.True(output.IsDisposed);
    }

    [Fact]
    public void Driving_after_dispose_is_an_error()
    {
        Recorder output = new(new GpioOutputOptions());
        output.Dispose();
        Assert.Throws<ObjectDisposedException>(() => output.Write(true));
        Assert.Throws<ObjectDisposedException>(output.Toggle);
        Assert.Equal(["low", "released"], output.Log);
    }

    [Fact]
    public void A_level_that_could_not_be_driven_is_not_taken_for_driven()
    {
        Recorder output = new(new GpioOutputOptions()) { IsGone = true };
        Assert.Throws<IOException>(() => output.Write(true));
        Assert.False(output.Level);
    }

    [Fact]
    public void Dispose_gives_the_line_back_though_the_chip_is_gone()
    {
        Recorder output = new(new GpioOutputOptions()) { IsGone = true };
        output.Dispose();
        Assert.Equal(["released"], output.Log);
    }

    private sealed class Recorder(GpioOutputOptions options) : GpioOutput(5, options)
    {
        internal List<string> Log { get; } = [];

        internal bool IsGone { get; init; }

        protected override void Drive(bool level)
        {
            if (IsGone)
                throw new IOException("gone");
            Log.Add(level ? "high" : "low");
        }

        protected override void Release() => Log.Add("released");
    }
}
