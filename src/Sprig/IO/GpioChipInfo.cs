namespace Sprig.IO;

/// <summary>A GPIO chip of this machine, as <see cref="GpioChip.List"/> finds it.</summary>
/// <param name="Path">What to open, as /dev/gpiochip0.</param>
/// <param name="Name">Its name, as gpiochip0.</param>
/// <param name="Label">What it is, as pinctrl-bcm2711; empty where that can't be told without permission.</param>
/// <param name="LineCount">How many lines it has; 0 where that can't be told without permission.</param>
public sealed record GpioChipInfo(string Path, string Name, string Label, int LineCount);
