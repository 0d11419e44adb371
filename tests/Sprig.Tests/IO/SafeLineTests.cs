using Sprig.IO;
using Sprig.Testing;
using Xunit;

namespace Sprig.Tests.IO;

/// <summary>What a line of a safe-state file is, and what it does to its pin.</summary>
public class SafeLineTests
{
    private static readonly GpioChipInfo s_chip = new("/dev/gpiochip0", "gpiochip0", "a label of words", 54);
    private readonly SimulatedBoard _board = new();

    [Theory]
    [InlineData(false, false, false, GpioBias.PullDown)]
    [InlineData(true, false, true, GpioBias.PullUp)]
    [InlineData(false, true, true, GpioBias.PullUp)]
    [InlineData(true, true, false, GpioBias.PullDown)]
    public void An_output_s_safe_level_is_told_as_the_pin_s_and_its_bias_is_towards_it(bool safe, bool activeLow, bool level, GpioBias bias)
    {
        GpioLineSettings settings = new() { Direction = GpioDirection.Output, SafeLevel = safe, ActiveLow = activeLow };
        Assert.Equal(new SafeLine("gpiochip0", "a label of words", 17, level, GpioDrive.PushPull, bias), settings.ToSafe(s_chip, 17));
    }

    [Fact]
    public void A_bias_that_its_owner_chose_stays()
    {
        GpioLineSettings settings = new() { Direction = GpioDirection.Output, Drive = GpioDrive.OpenDrain, Bias = GpioBias.PullUp };
        Assert.Equal((GpioDrive.OpenDrain, GpioBias.PullUp), settings.ToSafe(s_chip, 3) is { } line ? (line.Drive, line.Bias) : default);
        Assert.Equal(GpioBias.PullUp, settings.AtEnd.Bias);
    }

    [Fact]
    public void Inputs_and_outputs_that_stay_as_they_are_get_nothing()
    {
        Assert.Null(new GpioLineSettings().ToSafe(s_chip, 1));
        Assert.Null(new GpioLineSettings { Direction = GpioDirection.AsIs }.ToSafe(s_chip, 1));
        Assert.Null(new GpioLineSettings { Direction = GpioDirection.Output, SafeLevel = null }.ToSafe(s_chip, 1));
    }

    [Fact]
    public void A_file_reads_as_it_was_written()
    {
        SafeLine[] lines =
        [
            new("gpiochip0", "a label of words", 17, true, GpioDrive.OpenDrain, GpioBias.PullUp),
            new("gpiochip12", "pinctrl-rp1", 0, false, GpioDrive.PushPull, GpioBias.None),
        ];
        Assert.Equal(lines, Read(SafeLine.ToText(lines)));
        Assert.Equal("gpiochip0 17 1 OpenDrain PullUp a label of words", lines[0].ToString());
    }

    [Theory]
    [InlineData("", "its first line is not 'sprig safe-state 1'")]
    [InlineData("sprig safe-state 2\n", "another version")]
    [InlineData("sprig safe-state 1\n\n", "in line 2: ''")]
    [InlineData("sprig safe-state 1\ngpiochip0 17 0 PushPull PullDown\n", "in line 2")]
    [InlineData("sprig safe-state 1\ngpiochip0 17 0 PushPull PullDown x\ngpiochip0 17 2 PushPull PullDown x\n", "in line 3")]
    [InlineData("sprig safe-state 1\ngpiochip0 -1 0 PushPull PullDown x\n", "in line 2")]
    [InlineData("sprig safe-state 1\ngpiochip0 17 0 9 PullDown x\n", "in line 2")]
    [InlineData("sprig safe-state 1\ngpiochip0 17 0 PushPull Sideways x\n", "in line 2")]
    public void A_damaged_file_is_told_and_nothing_of_it_is_trusted(string text, string said)
        => Assert.Contains(said, Assert.Throws<InvalidDataException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_chip_is_found_by_its_label_and_by_its_name_where_there_are_several()
    {
        SafeLine line = new("gpiochip1", "twin", 1, false, GpioDrive.PushPull, GpioBias.PullDown);
        GpioChipInfo zero = new("/dev/gpiochip0", "gpiochip0", "twin", 8);
        GpioChipInfo one = new("/dev/gpiochip1", "gpiochip1", "twin", 8);
        GpioChipInfo other = new("/dev/gpiochip1", "gpiochip1", "other", 8);
        Assert.Equal("/dev/gpiochip1", line.PathIn([zero, one]));
        // Its number has moved.
        Assert.Equal("/dev/gpiochip0", line.PathIn([zero, other]));
        Assert.Contains("'twin'", Assert.Throws<FileNotFoundException>(() => line.PathIn([other])).Message, StringComparison.Ordinal);
        Assert.Contains("none of them is gpiochip1", Assert.Throws<IOException>(() => line.PathIn([zero, zero])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, GpioBias.PullUp)]
    [InlineData(false, GpioBias.PullDown)]
    public void Applied_the_pin_has_its_level_and_is_free(bool level, GpioBias bias)
    {
        _board.Drive(17, !level);
        _board.Pin(17).Float();
        Assert.Equal(level, LineOf(level, bias).Apply(_board));
        Assert.Equal(level, _board[17]);
        Assert.Equal(0, _board.HeldLines);
    }

    [Fact]
    public void A_chip_without_resistors_gets_the_level_all_the_same()
    {
        using SimulatedBoard bare = new() { HasBias = false };
        Assert.True(LineOf(true, GpioBias.PullUp).Apply(bare));
        Assert.True(bare[17]);
    }

    [Fact]
    public void What_is_stronger_outside_is_told()
    {
        _board.Pin(17).Pull(GpioBias.PullUp);
        Assert.True(LineOf(false, GpioBias.PullDown).Apply(_board));
        Assert.Contains(_board.ChangesOf(17), change => !change.Level);
    }

    [Fact]
    public void A_line_that_another_holds_is_left_to_it()
    {
        using GpioOutput other = _board.OpenOutput(17, new GpioOutputOptions { InitialLevel = true, Consumer = "other" });
        Assert.Contains("'other'", Assert.Throws<IOException>(() => LineOf(false, GpioBias.PullDown).Apply(_board)).Message, StringComparison.Ordinal);
        Assert.True(_board[17]);
    }

    private static SafeLine LineOf(bool level, GpioBias bias) => new("gpiochip0", "simulated board", 17, level, GpioDrive.PushPull, bias);

    private static IReadOnlyList<SafeLine> Read(string text)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text);
            return SafeLine.ReadAll(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
