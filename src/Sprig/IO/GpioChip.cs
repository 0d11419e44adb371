namespace Sprig.IO;

/// <summary>A GPIO chip: where lines come from. The kernel's, by <see cref="Open"/>; a simulated one has the same face.</summary>
/// <remarks>Loop thread only.</remarks>
public abstract class GpioChip : IDisposable
{
    /// <summary>The chips with a board's header pins: Pi 5, Pi 4, older Pis. Their numbers have moved between kernels, their
    /// labels have not.</summary>
    private static readonly string[] s_boardLabels = ["pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835"];

    /// <summary>Its name, as gpiochip0.</summary>
    public abstract string Name { get; }

    /// <summary>What it is, as pinctrl-bcm2711.</summary>
    public abstract string Label { get; }

    /// <summary>How many lines it has, numbered from 0.</summary>
    public abstract int LineCount { get; }

    /// <summary>Opens a chip of the kernel.</summary>
    /// <param name="pathOrLabel">A path as /dev/gpiochip0, a name as gpiochip0, or a label as pinctrl-bcm2711.</param>
    /// <exception cref="FileNotFoundException">There is none; the message lists those that there are.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission; the message says which group.</exception>
    /// <exception cref="IOException">It is no GPIO chip, or fails.</exception>
    public static GpioChip Open(string pathOrLabel)
    {
        ArgumentException.ThrowIfNullOrEmpty(pathOrLabel);
        if (pathOrLabel.Contains('/', StringComparison.Ordinal))
            return KernelGpioChip.OpenPath(pathOrLabel);
        string? path = KernelGpioChip.Find((name, label) => name == pathOrLabel || label == pathOrLabel);
        return path is not null ? KernelGpioChip.OpenPath(path) : throw NotFound($"There is no GPIO chip '{pathOrLabel}'");
    }

    /// <summary>Opens the chip with the board's header pins, by the labels of the known boards; null where there is none.</summary>
    /// <inheritdoc cref="Open"/>
    public static GpioChip? OpenBoard()
    {
        foreach (string known in s_boardLabels)
        {
            if (KernelGpioChip.Find((_, label) => label == known) is { } path)
                return KernelGpioChip.OpenPath(path);
        }

        return null;
    }

    /// <summary>What is known of a line without holding it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The chip has no such line.</exception>
    public abstract GpioLineInfo GetLineInfo(int line);

    /// <summary>Takes a line as an output.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The chip has no such line.</exception>
    /// <exception cref="IOException">The line is held by another; the message says by whom. Or the chip refuses.</exception>
    public abstract GpioOutput OpenOutput(int line, GpioOutputOptions? options = null);

    /// <summary>Takes a line as an input; its edges are kept from now on.</summary>
    /// <inheritdoc cref="OpenOutput"/>
    public abstract GpioInput OpenInput(int line, GpioInputOptions? options = null);

    /// <summary>Lets go of the chip; lines taken from it stay with their holders.</summary>
    public abstract void Dispose();

    /// <summary>Checks a line's number.</summary>
    protected void ThrowIfNoLine(int line)
    {
        if (line < 0 || line >= LineCount)
            throw new ArgumentOutOfRangeException(nameof(line), line, $"{Name} ({Label}) has the lines 0 to {LineCount - 1}.");
    }

    internal static FileNotFoundException NotFound(string what)
    {
        List<string> present = KernelGpioChip.List().ConvertAll(chip => $"{chip.Path} ({chip.Label})");
        return new FileNotFoundException($"{what}; {(present.Count == 0 ? "this machine has none" : $"there are: {string.Join(", ", present)}")}.");
    }
}
