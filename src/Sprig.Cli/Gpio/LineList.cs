using Sprig.Devices.Boards;
using Sprig.IO;
using Sprig.Testing;

namespace Sprig.Cli.Gpio;

/// <summary><c>sprig gpio list</c> and <c>info</c>: chips and their lines, without holding any.</summary>
internal static class LineList
{
    /// <summary>Each line of the chips: name, direction, holder, how it is set.</summary>
    /// <param name="output">Where it is written.</param>
    /// <param name="chip">sim, a chip's path, name or label; null: all.</param>
    internal static void List(TextWriter output, string? chip) => ForEach(chip, one => List(output, one));

    /// <summary>Each line of one chip.</summary>
    internal static void List(TextWriter output, GpioChip chip)
    {
        output.WriteLine(Head(chip));
        GpioLineInfo[] lines = [.. Enumerable.Range(0, chip.LineCount).Select(chip.GetLineInfo)];
        int name = lines.Max(line => line.Name.Length);
        int holder = lines.Max(line => Holder(line).Length);
        foreach (GpioLineInfo line in lines)
        {
            output.WriteLine(
                $"  {line.Line,3}  {line.Name.PadRight(name)}  {(line.IsOutput ? "output" : "input "),-6}  {Holder(line).PadRight(holder)}  {Settings(line)}".TrimEnd());
        }
    }

    /// <summary>The chips, one line each.</summary>
    /// <inheritdoc cref="List(TextWriter, string?)"/>
    internal static void Info(TextWriter output, string? chip)
    {
        if (chip is null && BoardMap.OfThisMachine() is { } map)
            output.WriteLine($"board: {map.Name}");
        ForEach(chip, one =>
        {
            int used = Enumerable.Range(0, one.LineCount).Count(line => one.GetLineInfo(line).IsUsed);
            output.WriteLine($"{Head(one)}, {used} held");
        });
    }

    /// <summary>Who holds a line; a dash when nobody does.</summary>
    private static string Holder(GpioLineInfo line)
        => line.Consumer.Length > 0 ? line.Consumer : line.IsUsed ? "the kernel" : "-";

    private static string Head(GpioChip chip) => $"{chip.Name} ({chip.Label}): {chip.LineCount} lines";

    private static string Settings(GpioLineInfo line)
    {
        List<string> words = [];
        if (line.ActiveLow)
            words.Add("active-low");
        if (line.Bias != GpioBias.AsIs)
            words.Add(line.Bias switch { GpioBias.PullUp => "pull-up", GpioBias.PullDown => "pull-down", _ => "no bias" });
        if (line.Drive != GpioDrive.PushPull)
            words.Add(line.Drive == GpioDrive.OpenDrain ? "open-drain" : "open-source");
        if (line.Edges != GpioEdges.None)
            words.Add($"{line.Edges} edges".ToLowerInvariant());
        if (line.Debounce != TimeSpan.Zero)
            words.Add($"debounced {line.Debounce.TotalMilliseconds:0.###} ms");
        if (line.Clock != GpioClock.Monotonic)
            words.Add($"{line.Clock} clock".ToLowerInvariant());
        return string.Join(", ", words);
    }

    private static void ForEach(string? chip, Action<GpioChip> show)
    {
        string[] paths = chip is null ? [.. GpioChip.List().Select(one => one.Path)] : [chip];
        if (paths.Length == 0)
            throw new ArgumentException("this machine has no GPIO chip; --chip sim shows a simulated one");
        foreach (string path in paths)
        {
            using GpioChip one = path == "sim" ? new SimulatedBoard() : GpioChip.Open(path);
            show(one);
        }
    }
}
