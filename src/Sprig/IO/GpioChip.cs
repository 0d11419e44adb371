namespace Sprig.IO;

/// <summary>A GPIO chip: where lines come from. The kernel's, by <see cref="Open"/>; a simulated one has the same face.</summary>
/// <remarks>Any thread, but for <see cref="WatchAsync(int[])"/>, which is the loop's; it is disposed when none uses it any more. Lines belong to the run of the thread that opens
/// them, and end with it; those opened where none runs belong to the process.</remarks>
public abstract partial class GpioChip : IDisposable
{
    /// <summary>Its name, as gpiochip0.</summary>
    public abstract string Name { get; }

    /// <summary>What it is, as pinctrl-bcm2711.</summary>
    public abstract string Label { get; }

    /// <summary>How many lines it has, numbered from 0.</summary>
    public abstract int LineCount { get; }

    /// <summary>The kernel's chip that this is, whose lines outlive this process; null where nothing does.</summary>
    internal virtual GpioChipInfo? Kernel => null;

    /// <summary>What is known of a line without holding it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The chip has no such line.</exception>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    public abstract GpioLineInfo GetLineInfo(int line);

    /// <summary>Takes a line as an output.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The chip has no such line.</exception>
    /// <exception cref="ArgumentException">The options make no sense together.</exception>
    /// <exception cref="IOException">The line is held by another; the message says by whom. Or the chip refuses.</exception>
    public GpioOutput OpenOutput(int line, GpioOutputOptions? options = null)
    {
        options ??= new GpioOutputOptions();
        return new GpioOutput(Take([line], [options.Settings], options.Request));
    }

    /// <summary>Takes a line as an input; its edges are kept from now on.</summary>
    /// <inheritdoc cref="OpenOutput"/>
    public GpioInput OpenInput(int line, GpioInputOptions? options = null)
    {
        options ??= new GpioInputOptions();
        return new GpioInput(Take([line], [options.Settings], options.Request));
    }

    /// <summary>Takes 1 to 64 lines together, all set alike; all or none.</summary>
    /// <param name="lines">Their offsets in the chip, each once; their order is that of the masks' bits.</param>
    /// <param name="settings">Inputs without edges unless given.</param>
    /// <param name="options">Consumer and buffer.</param>
    /// <inheritdoc cref="OpenOutput"/>
    public GpioLineGroup OpenLines(IEnumerable<int> lines, GpioLineSettings? settings = null, GpioRequestOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(lines);
        int[] offsets = [.. lines];
        GpioLineSettings[] alike = new GpioLineSettings[offsets.Length];
        Array.Fill(alike, settings ?? new GpioLineSettings());
        return new GpioLineGroup(Take(offsets, alike, options ?? new GpioRequestOptions()));
    }

    /// <summary>Takes 1 to 64 lines together, each with settings of its own; all or none.</summary>
    /// <param name="lines">The offset in the chip of each, and how it is set: a dictionary, for instance.</param>
    /// <param name="options">Consumer and buffer.</param>
    /// <inheritdoc cref="OpenOutput"/>
    public GpioLineGroup OpenLines(IEnumerable<KeyValuePair<int, GpioLineSettings>> lines, GpioRequestOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(lines);
        KeyValuePair<int, GpioLineSettings>[] each = [.. lines];
        return new GpioLineGroup(Take([.. each.Select(one => one.Key)], [.. each.Select(one => one.Value)], options ?? new GpioRequestOptions()));
    }

    /// <summary>Watches lines: what others, and this program, do with them from now on.</summary>
    /// <param name="lines">Their offsets; all of the chip's when none is named.</param>
    /// <exception cref="ArgumentOutOfRangeException">The chip has no such line.</exception>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    /// <example><code>
    /// await foreach (GpioLineChange change in chip.WatchAsync(17))
    ///     Console.WriteLine($"{change.Kind} by {change.Info.Consumer}");
    /// </code></example>
    public IAsyncEnumerable<GpioLineChange> WatchAsync(params int[] lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        Array.ForEach(lines, ThrowIfNoLine);
        return OpenWatch(lines.Length > 0 ? [.. lines.Distinct()] : [.. Enumerable.Range(0, LineCount)]);
    }

    /// <summary>What it is called in messages.</summary>
    public override string ToString() => Name;

    /// <summary>Lets go of the chip; lines taken from it stay with their holders.</summary>
    public abstract void Dispose();

    /// <summary>Takes lines, all or none: lines, settings and options are checked.</summary>
    protected abstract GpioLineRequest OpenRequest(IReadOnlyList<int> lines, IReadOnlyList<GpioLineSettings> settings, GpioRequestOptions options);

    /// <summary>Watches lines that are there, from when they are enumerated on.</summary>
    protected abstract IAsyncEnumerable<GpioLineChange> OpenWatch(IReadOnlyList<int> lines);

    /// <summary>The error of lines that others hold: says who.</summary>
    protected IOException Busy(IReadOnlyList<int> lines) => LineErrors.Busy(ToString(), lines.Select(GetLineInfo));

    /// <summary>The error of settings that the chip can't do: says which they may be.</summary>
    /// <param name="errno">What it answered.</param>
    /// <param name="action">What was tried: take, configure.</param>
    /// <param name="lines">On which lines, as <see cref="GpioLineRequest.Name"/> has them.</param>
    /// <param name="settings">The settings asked for.</param>
    protected static IOException Refused(int errno, string action, string lines, IReadOnlyList<GpioLineSettings> settings)
        => LineErrors.Refused(errno, action, lines, settings);

    /// <summary>Checks a line's number.</summary>
    protected void ThrowIfNoLine(int line)
    {
        if (line < 0 || line >= LineCount)
            throw new ArgumentOutOfRangeException(nameof(line), line, $"{Name} ({Label}) has the lines 0 to {LineCount - 1}.");
    }

    private GpioLineRequest Take(int[] lines, GpioLineSettings[] settings, GpioRequestOptions options)
    {
        options.ThrowIfUnfit();
        if (lines.Length is < 1 or > MostLines)
            throw new ArgumentException($"A request is of 1 to {MostLines} lines, not {lines.Length}; open more in another.", nameof(lines));
        for (int i = 0; i < lines.Length; i++)
        {
            ThrowIfNoLine(lines[i]);
            if (Array.IndexOf(lines, lines[i]) < i)
                throw new ArgumentException($"Line {lines[i]} is there twice; each once.", nameof(lines));
            ArgumentNullException.ThrowIfNull(settings[i], nameof(settings));
            settings[i].ThrowIfUnfit($"line {lines[i]} of {this}");
        }

        HeldLines.Prepare();
        using IDisposable? announced = HeldLines.Announce(Kernel, lines, settings);
        GpioLineRequest request = OpenRequest(lines, settings, options);
        HeldLines.Add(request);
        return request;
    }
}
