using System.Globalization;
using Sprig.Linux;

namespace Sprig.IO;

/// <summary>An output of a kernel's chip and what it is to get when the program that held it is no more: a line of the file that
/// SPRIG_SAFE_STATE names. <c>sprig safe-state</c> drives what stands there.</summary>
/// <param name="ChipName">The chip's name then, as gpiochip0: of several with one label it tells which.</param>
/// <param name="ChipLabel">The chip's label, as pinctrl-bcm2711.</param>
/// <param name="Line">The line's offset in the chip.</param>
/// <param name="Level">The pin's safe level, as a meter would show it.</param>
/// <param name="Drive">How it drives.</param>
/// <param name="Bias">What holds it when nobody drives it any more.</param>
public sealed record SafeLine(string ChipName, string ChipLabel, int Line, bool Level, GpioDrive Drive, GpioBias Bias)
{
    private const string Heading = "sprig safe-state 1";
    private const int Words = 6;
    private static readonly GpioRequestOptions s_request = new() { Consumer = "sprig safe-state" };

    /// <summary>Reads a file that a program has left.</summary>
    /// <exception cref="FileNotFoundException">There is none: the program has ended in order, and so are its pins.</exception>
    /// <exception cref="IOException">The program still runs, or the file can't be read.</exception>
    /// <exception cref="InvalidDataException">It is no such file, or of a later version, or damaged: nothing of it is to be trusted.</exception>
    public static IReadOnlyList<SafeLine> ReadAll(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        string[] rows;
        try
        {
            rows = File.ReadAllLines(file);
        }
        catch (IOException e) when (e.HResult == Errno.EAGAIN)
        {
            throw new IOException($"The program that keeps {file} still runs: it makes its pins safe itself when it ends.", e);
        }

        if (rows is not [Heading, ..])
            throw new InvalidDataException($"{file} is damaged, or of another version of Sprig: its first line is not '{Heading}'.");
        return [.. rows.Skip(1).Select((row, i) => TryParse(row) ?? throw new InvalidDataException($"{file} is damaged in line {i + 2}: '{row}'."))];
    }

    /// <summary>Opens its chip, by the label; by the name where several have the label.</summary>
    /// <inheritdoc cref="GpioChip.Open"/>
    public GpioChip OpenChip() => GpioChip.Open(PathIn(GpioChip.List()));

    /// <summary>Drives the level and gives the line back, with the chip's resistor set towards the level where the chip has one: what
    /// becomes of an output that nobody holds is for the chip's driver to say.</summary>
    /// <param name="chip">Its chip.</param>
    /// <returns>The level since: another than the safe one when something outside is stronger, or the chip doesn't keep it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The chip has no such line.</exception>
    /// <exception cref="IOException">Another holds the line; the message says who. Or the chip fails.</exception>
    public bool Apply(GpioChip chip)
    {
        ArgumentNullException.ThrowIfNull(chip);
        try
        {
            Hold(chip, Bias);
        }
        catch (IOException e) when (e.HResult != Errno.EBUSY && Bias != GpioBias.AsIs)
        {
            Hold(chip, GpioBias.AsIs);
        }

        try
        {
            using GpioLineGroup since = chip.OpenLines([Line], new GpioLineSettings { Direction = GpioDirection.AsIs }, s_request);
            return since.Read(Line);
        }
        catch (IOException)
        {
            // Somebody has it already, or the chip can't tell.
            return Level;
        }
    }

    /// <summary>What lines that are set so are to get; nothing where their chip is none of the kernel's.</summary>
    internal static IReadOnlyList<SafeLine> Of(GpioChipInfo? kernelChip, IReadOnlyList<int> lines, IReadOnlyList<GpioLineSettings> settings)
        => kernelChip is null ? [] : [.. settings.Zip(lines, (one, line) => one.ToSafe(kernelChip, line)).OfType<SafeLine>()];

    /// <summary>Its row in a file.</summary>
    // The label last: it may hold spaces.
    public override string ToString() => $"{ChipName} {Line} {(Level ? 1 : 0)} {Drive} {Bias} {ChipLabel}";

    /// <summary>The text of a file.</summary>
    internal static string ToText(IEnumerable<SafeLine> lines) => string.Concat(lines.Select(line => $"{line}\n").Prepend($"{Heading}\n"));

    /// <summary>Which of the chips is meant.</summary>
    internal string PathIn(IReadOnlyList<GpioChipInfo> chips)
    {
        GpioChipInfo[] fitting = [.. chips.Where(chip => chip.Label == ChipLabel)];
        return fitting switch
        {
            [] => throw GpioChip.Unknown(ChipLabel, chips),
            [GpioChipInfo one] => one.Path,
            _ => fitting.FirstOrDefault(chip => chip.Name == ChipName)?.Path
                ?? throw new IOException($"There are {fitting.Length} GPIO chips '{ChipLabel}', and none of them is {ChipName} any more."),
        };
    }

    // Without a safe level of its own: its end is the level that it has.
    private void Hold(GpioChip chip, GpioBias bias)
        => chip.OpenLines([Line], new GpioLineSettings { Direction = GpioDirection.Output, InitialLevel = Level, Drive = Drive, Bias = bias, SafeLevel = null }, s_request).Dispose();

    private static SafeLine? TryParse(string row)
        => row.Split(' ', Words) is [{ Length: > 0 } name, string line, "0" or "1", string drive, string bias, { Length: > 0 } label] words
            && int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int offset)
            && Enum.TryParse(drive, out GpioDrive driving) && Enum.IsDefined(driving)
            && Enum.TryParse(bias, out GpioBias biased) && Enum.IsDefined(biased)
            ? new SafeLine(name, label, offset, words[2] == "1", driving, biased)
            : null;
}
