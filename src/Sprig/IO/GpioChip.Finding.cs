using Sprig.Linux;

namespace Sprig.IO;

/// <content>The chips of this machine, and lines by their names.</content>
public abstract partial class GpioChip
{
    private const int MostLines = GpioUapi.MostLines;

    /// <summary>The chips with a board's header pins: Pi 5, Pi 4, older Pis. Their numbers have moved between kernels, their
    /// labels have not.</summary>
    private static readonly string[] s_boardLabels = ["pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835"];

    /// <summary>Opens a chip of the kernel.</summary>
    /// <param name="pathOrLabel">A path as /dev/gpiochip0, a name as gpiochip0, or a label as pinctrl-bcm2711.</param>
    /// <exception cref="FileNotFoundException">There is none; the message lists those that there are.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission; the message says which group.</exception>
    /// <exception cref="IOException">It is no GPIO chip, or fails; or several have this label.</exception>
    public static GpioChip Open(string pathOrLabel)
    {
        ArgumentException.ThrowIfNullOrEmpty(pathOrLabel);
        if (pathOrLabel.Contains('/', StringComparison.Ordinal))
            return KernelGpioChip.OpenPath(pathOrLabel);
        IReadOnlyList<GpioChipInfo> chips = List();
        GpioChipInfo[] fitting = [.. chips.Where(chip => chip.Name == pathOrLabel)];
        if (fitting.Length == 0)
            fitting = [.. chips.Where(chip => chip.Label == pathOrLabel)];
        return fitting.Length switch
        {
            0 => throw Unknown(pathOrLabel, chips),
            1 => KernelGpioChip.OpenPath(fitting[0].Path),
            _ => throw new IOException($"There are {fitting.Length} GPIO chips '{pathOrLabel}': open one by its path, "
                + $"{string.Join(" or ", fitting.Select(chip => chip.Path))}."),
        };
    }

    /// <summary>Opens the chip with the board's header pins, by the labels of the known boards; null where there is none.</summary>
    /// <inheritdoc cref="Open"/>
    public static GpioChip? OpenBoard()
    {
        IReadOnlyList<GpioChipInfo> chips = List();
        return s_boardLabels.Select(label => chips.FirstOrDefault(chip => chip.Label == label)).FirstOrDefault(chip => chip is not null) is { } board
            ? KernelGpioChip.OpenPath(board.Path)
            : null;
    }

    /// <summary>The chips of this machine, in the order of their numbers, each once, whatever links /dev holds. Those that may not be
    /// opened are told too, so that the error comes where one is opened, with its cure.</summary>
    public static IReadOnlyList<GpioChipInfo> List() => KernelGpioChip.ListIn("/dev");

    /// <summary>The line that the board calls so, as GPIO17.</summary>
    /// <exception cref="ArgumentException">None is called so; the message lists those that are nearly. Or several are.</exception>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    public int FindLine(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        GpioLineInfo[] named = [.. Enumerable.Range(0, LineCount).Select(GetLineInfo).Where(info => info.Name.Length > 0)];
        int[] found = [.. named.Where(info => info.Name == name).Select(info => info.Line)];
        return found.Length switch
        {
            1 => found[0],
            0 => throw new ArgumentException(NoSuchName(name, named), nameof(name)),
            _ => throw new ArgumentException($"{Name} ({Label}) has {found.Length} lines '{name}': {string.Join(", ", found)}. Take one by its number.", nameof(name)),
        };
    }

    /// <summary>Why no chip has a label. One that may not be opened doesn't tell its label, and may be the one.</summary>
    internal static Exception Unknown(string label, IEnumerable<GpioChipInfo> chips)
    {
        foreach (GpioChipInfo chip in chips.Where(chip => chip.Label.Length == 0))
        {
            try
            {
                KernelGpioChip.OpenPath(chip.Path).Dispose();
            }
            catch (UnauthorizedAccessException e)
            {
                return new UnauthorizedAccessException($"Which GPIO chip is '{label}' can't be told. {e.Message}", e);
            }
            catch (IOException)
            {
                // It is gone, or no GPIO chip: not the one.
            }
        }

        return NotFound($"There is no GPIO chip '{label}'");
    }

    internal static FileNotFoundException NotFound(string what)
    {
        string[] present = [.. List().Select(chip => $"{chip.Path} ({chip.Label})")];
        return new FileNotFoundException($"{what}; {(present.Length == 0 ? "this machine has none" : $"there are: {string.Join(", ", present)}")}.");
    }

    private string NoSuchName(string name, GpioLineInfo[] named)
    {
        const int Most = 5;
        if (named.Length == 0)
            return $"The lines of {Name} ({Label}) have no names: take '{name}' by its number, 0 to {LineCount - 1}.";
        string[] near = [.. named.Select(info => info.Name).Distinct()
            .OrderBy(other => NameDistance.Between(name, other))
            .Take(Most)];
        return $"{Name} ({Label}) has no line '{name}'; near it are {string.Join(", ", near)}.";
    }
}
