using Sprig.IO;
using Xunit;

namespace OnBoard;

/// <summary>What becomes of an output that nobody holds any more: its safe level stays, as far as the chip lets it.</summary>
public class SafeStateTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void An_output_s_safe_level_outlives_its_end(bool safe, bool activeLow) => Bench.Run(bench =>
    {
        bench.Chip.OpenOutput(17, new GpioOutputOptions { InitialLevel = !safe, SafeLevel = safe, ActiveLow = activeLow }).Dispose();
        Assert.Equal(safe ^ activeLow, bench.Measure(17));
        Assert.False(bench.Chip.GetLineInfo(17).IsUsed);
        return Task.CompletedTask;
    });

    [Fact]
    public void In_a_group_each_has_its_own() => Bench.Run(bench =>
    {
        GpioLineSettings output = new() { Direction = GpioDirection.Output };
        bench.Chip.OpenLines(new Dictionary<int, GpioLineSettings>
        {
            [4] = output with { SafeLevel = true },
            [5] = new GpioLineSettings(),
            [6] = output with { InitialLevel = true },
        }).Dispose();
        Assert.Equal((true, false), (bench.Measure(4), bench.Measure(6)));
        return Task.CompletedTask;
    });

    [Theory]
    [InlineData(true, GpioBias.PullUp)]
    [InlineData(false, GpioBias.PullDown)]
    public void What_is_applied_stays(bool level, GpioBias bias) => Bench.Run(bench =>
    {
        SafeLine line = new(bench.Chip.Name, bench.Chip.Label, 17, level, GpioDrive.PushPull, bias);
        Assert.Equal(level, line.Apply(bench.Chip));
        Assert.Equal(level, bench.Measure(17));
        Assert.False(bench.Chip.GetLineInfo(17).IsUsed);
        return Task.CompletedTask;
    });

    [Fact]
    public void What_a_killed_program_held_is_made_safe_by_its_file()
    {
        using Bench bench = Bench.Create();
        Assert.SkipUnless(bench is KernelBench, "The lines of a simulated board end with its process.");
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        bench.RunOnce(async () =>
        {
            await KilledHolder.RunAsync(bench.Chip.ToString(), file);
            // The kernel's simulated chip drops a line to its pull; a board's own may leave it on.
            foreach (int line in (int[])[17, 22])
                bench.Pull(line, line == 17);
            IReadOnlyList<SafeLine> lines = SafeLine.ReadAll(file);
            Assert.Equal([(17, false), (22, true)], lines.Select(line => (line.Line, line.Level)));
            foreach (SafeLine line in lines)
            {
                using GpioChip chip = line.OpenChip();
                Assert.Equal(line.Level, line.Apply(chip));
            }
        });
        File.Delete(file);
        Assert.Equal((false, true), (bench.Measure(17), bench.Measure(22)));
    }
}
