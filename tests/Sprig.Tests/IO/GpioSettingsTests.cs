using Sprig.IO;
using Sprig.Testing;
using Xunit;

namespace Sprig.Tests.IO;

/// <summary>What makes no sense is refused before any chip is asked, with the line's name and a cure.</summary>
public sealed class GpioSettingsTests : IDisposable
{
    private readonly SimulatedBoard _board = new();

    public static TheoryData<GpioLineSettings, string> Unfit => new()
    {
        { new() { Drive = GpioDrive.OpenDrain }, "only an output drives" },
        { new() { Direction = GpioDirection.AsIs, Drive = GpioDrive.OpenSource }, "only an output drives" },
        { new() { Direction = GpioDirection.Output, Edges = GpioEdges.Rising }, "only an input has Edges" },
        { new() { Direction = GpioDirection.AsIs, Edges = GpioEdges.Both }, "only an input has Edges" },
        { new() { Direction = GpioDirection.Output, Debounce = TimeSpan.FromMilliseconds(1) }, "only an input is debounced" },
        { new() { Direction = GpioDirection.AsIs, Bias = GpioBias.PullUp }, "a Bias (PullUp) needs a Direction" },
        { new() { Debounce = TimeSpan.FromTicks(-1) }, "Debounce is from 0" },
        { new() { Debounce = TimeSpan.FromHours(2) }, "Debounce is from 0" },
        { new() { Bias = (GpioBias)9 }, "none of its enum" },
        { new() { Direction = (GpioDirection)(-1) }, "none of its enum" },
        { new() { Edges = (GpioEdges)4 }, "none of its enum" },
    };

    public void Dispose() => _board.Dispose();

    [Theory]
    [MemberData(nameof(Unfit))]
    public void Settings_that_contradict_themselves_are_refused(GpioLineSettings settings, string why)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => _board.OpenLines([3, 17], settings));
        Assert.StartsWith("line 3 of the simulated board: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _board.HeldLines);
        using GpioLineGroup group = _board.OpenLines([17]);
        Assert.Throws<ArgumentException>(() => group.Configure(settings));
    }

    [Fact]
    public void A_request_is_of_1_to_64_lines()
    {
        using SimulatedBoard wide = new(lineCount: 100);
        Assert.Contains("1 to 64 lines, not 0", Assert.Throws<ArgumentException>(() => wide.OpenLines(Array.Empty<int>())).Message, StringComparison.Ordinal);
        Assert.Contains("not 65", Assert.Throws<ArgumentException>(() => wide.OpenLines(Enumerable.Range(0, 65))).Message, StringComparison.Ordinal);
        using GpioLineGroup most = wide.OpenLines(Enumerable.Range(36, 64), new GpioLineSettings { Direction = GpioDirection.Output });
        most.WriteMask(ulong.MaxValue, 1UL << 63);
        Assert.Equal(1UL << 63, most.ReadMask());
        Assert.True(wide[99]);
    }

    [Fact]
    public void A_line_stands_in_a_request_once()
    {
        Assert.Contains("Line 5 is there twice", Assert.Throws<ArgumentException>(() => _board.OpenLines([5, 6, 5])).Message, StringComparison.Ordinal);
        Assert.Equal(0, _board.HeldLines);
    }

    [Fact]
    public void A_line_that_the_chip_lacks_is_named_and_none_of_the_others_is_taken()
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => _board.OpenLines([5, 28]));
        Assert.Contains("has the lines 0 to 27", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _board.HeldLines);
        Assert.Throws<ArgumentOutOfRangeException>(() => _board.WatchAsync(28));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1025)]
    public void A_buffer_holds_1_to_1024_edges(int buffer)
        => Assert.Throws<ArgumentOutOfRangeException>(() => _board.OpenLines([5], options: new GpioRequestOptions { EdgeBuffer = buffer }));

    [Fact]
    public void Null_is_a_mistake()
    {
        Assert.Throws<ArgumentNullException>(() => _board.OpenLines((int[])null!));
        Assert.Throws<ArgumentNullException>(() => _board.OpenLines((Dictionary<int, GpioLineSettings>)null!));
        Assert.Throws<ArgumentNullException>(() => _board.OpenLines(new Dictionary<int, GpioLineSettings> { [4] = null! }));
        Assert.Throws<ArgumentNullException>(() => _board.OpenLines([4], options: new GpioRequestOptions { Consumer = null! }));
        Assert.Throws<ArgumentNullException>(() => _board.WatchAsync(null!));
        Assert.Equal(0, _board.HeldLines);
    }

    [Fact]
    public void Each_line_may_have_settings_of_its_own()
    {
        GpioLineSettings led = new() { Direction = GpioDirection.Output, InitialLevel = true };
        GpioLineSettings button = new() { Bias = GpioBias.PullUp, ActiveLow = true, Edges = GpioEdges.Rising };
        using GpioLineGroup group = _board.OpenLines(new Dictionary<int, GpioLineSettings> { [17] = led, [22] = button });
        Assert.Equal([17, 22], group.Lines);
        Assert.Equal([led, button], group.Settings);
        Assert.Equal((true, true), (_board[17], _board[22]));
        Assert.False(group.Read(22));
    }
}
