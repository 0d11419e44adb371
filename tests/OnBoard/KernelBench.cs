using Sprig.IO;
using Sprig.Scheduling;

namespace OnBoard;

/// <summary>A chip of gpio-sim, whose lines are pulled and measured through files.</summary>
internal sealed class KernelBench(string lines) : Bench
{
    internal override GpioChip Chip { get; } = GpioChip.Open(Environment.GetEnvironmentVariable("SPRIG_EMULATED_CHIP")!);

    private protected override SchedulerOptions Options { get; } = new() { HandleSignals = false };

    internal override void Pull(int line, bool high) => File.WriteAllText(FileOf(line, "pull"), high ? "pull-up" : "pull-down");

    internal override bool Measure(int line) => File.ReadAllText(FileOf(line, "value")).Trim() == "1";

    public override void Dispose()
    {
        Chip.Dispose();
        foreach (string folder in Directory.GetDirectories(lines, "sim_gpio*"))
            File.WriteAllText(Path.Combine(folder, "pull"), "pull-down");
    }

    private string FileOf(int line, string name) => Path.Combine(lines, $"sim_gpio{line}", name);
}
