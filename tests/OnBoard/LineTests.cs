using Sprig.IO;
using Xunit;

namespace OnBoard;

/// <summary>Taking lines, driving and reading them, and giving them back.</summary>
public class LineTests
{
    [Fact]
    public void An_output_drives_its_first_level_then_what_it_is_told_and_in_the_end_its_safe_level() => Bench.Run(async bench =>
    {
        using (GpioOutput output = bench.Chip.OpenOutput(17, new GpioOutputOptions { InitialLevel = true }))
        {
            Assert.True(bench.Measure(17));
            output.Toggle();
            Assert.False(bench.Measure(17));
            output.Write(true);
            Assert.True(bench.Measure(17));
            await Task.CompletedTask;
        }

        Assert.False(bench.Measure(17));
        Assert.False(bench.Chip.GetLineInfo(17).IsUsed);
    });

    [Fact]
    public void An_active_low_output_is_measured_the_other_way_round() => Bench.Run(bench =>
    {
        using GpioOutput output = bench.Chip.OpenOutput(17, new GpioOutputOptions { ActiveLow = true });
        Assert.True(bench.Measure(17));
        output.Level = true;
        Assert.False(bench.Measure(17));
        return Task.CompletedTask;
    });

    [Fact]
    public void An_input_reads_what_is_pulled_and_an_active_low_one_the_other_way_round() => Bench.Run(bench =>
    {
        using GpioInput plain = bench.Chip.OpenInput(4);
        using GpioInput low = bench.Chip.OpenInput(5, new GpioInputOptions { ActiveLow = true });
        foreach (bool high in (bool[])[true, false, true])
        {
            bench.Pull(4, high);
            bench.Pull(5, high);
            Assert.Equal(high, plain.Read());
            Assert.Equal(!high, low.Read());
        }

        return Task.CompletedTask;
    });

    [Fact]
    public void A_bias_is_the_level_of_a_line_that_nothing_drives() => Bench.Run(bench =>
    {
        using GpioInput up = bench.Chip.OpenInput(6, new GpioInputOptions { Bias = GpioBias.PullUp });
        using GpioInput down = bench.Chip.OpenInput(7, new GpioInputOptions { Bias = GpioBias.PullDown });
        Assert.True(up.Read());
        Assert.False(down.Read());
        return Task.CompletedTask;
    });

    [Fact]
    public void A_line_says_its_name_and_who_holds_it_and_cannot_be_taken_twice() => Bench.Run(bench =>
    {
        Assert.Equal("GPIO22", bench.Chip.GetLineInfo(22).Name);
        Assert.False(bench.Chip.GetLineInfo(22).IsUsed);
        using GpioOutput output = bench.Chip.OpenOutput(22, new GpioOutputOptions { Consumer = "the one" });
        GpioLineInfo info = bench.Chip.GetLineInfo(22);
        Assert.True(info.IsUsed);
        Assert.True(info.IsOutput);
        Assert.Equal("the one", info.Consumer);
        IOException busy = Assert.Throws<IOException>(() => bench.Chip.OpenInput(22));
        Assert.Contains("'the one'", busy.Message, StringComparison.Ordinal);
        return Task.CompletedTask;
    });

    [Fact]
    public void A_line_that_the_chip_lacks_is_refused() => Bench.Run(bench =>
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => bench.Chip.OpenInput(54));
        Assert.Throws<ArgumentOutOfRangeException>(() => bench.Chip.OpenOutput(-1));
        return Task.CompletedTask;
    });
}
