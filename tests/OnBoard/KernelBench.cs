using Sprig.IO;
using Sprig.Scheduling;

namespace OnBoard;

/// <summary>A chip of gpio-sim, whose lines are pulled and measured through files.</summary>
internal sealed class KernelBench(string lines) : Bench
{
    private const string Settings = "/sys/kernel/config/gpio-sim/board";
    private bool _isUnplugged;

    internal override GpioChip Chip { get; } = GpioChip.Open(Environment.GetEnvironmentVariable("SPRIG_EMULATED_CHIP")!);

    private protected override SchedulerOptions Options { get; } = new() { HandleSignals = false };

    internal override void Pull(int line, bool high) => File.WriteAllText(FileOf(line, "pull"), high ? "pull-up" : "pull-down");

    internal override bool Measure(int line) => File.ReadAllText(FileOf(line, "value")).Trim() == "1";

    internal override void Unplug()
    {
        _isUnplugged = true;
        File.WriteAllText($"{Settings}/live", "0");
    }

    public override void Dispose()
    {
        Chip.Dispose();
        if (_isUnplugged)
        {
            PlugIn();
            return;
        }

        foreach (string folder in Directory.GetDirectories(lines, "sim_gpio*"))
            File.WriteAllText(Path.Combine(folder, "pull"), "pull-down");
    }

    // It may get another number than it had.
    private static void PlugIn()
    {
        File.WriteAllText($"{Settings}/live", "1");
        string chip = File.ReadAllText($"{Settings}/bank0/chip_name").Trim();
        Environment.SetEnvironmentVariable("SPRIG_EMULATED_CHIP", chip);
        Environment.SetEnvironmentVariable("SPRIG_EMULATED_LINES", $"/sys/devices/platform/{File.ReadAllText($"{Settings}/dev_name").Trim()}/{chip}");
    }

    private string FileOf(int line, string name) => Path.Combine(lines, $"sim_gpio{line}", name);
}
