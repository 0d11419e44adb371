using Sprig.IO;

namespace Sprig.Testing;

/// <summary>A board without hardware behind the face of a <see cref="GpioChip"/>: it records what the program drives, and a
/// test drives the inputs, wires pins together, presses buttons that bounce, and looks at what happened when.</summary>
/// <remarks>Any thread may read and drive it. Stamps are by the clock of the run that uses it, and edges come home to the loop that
/// waits for them. Lines are named GPIO0, GPIO1 ... and float low until somebody drives them.</remarks>
public sealed partial class SimulatedBoard : GpioChip
{
    private const string DefaultName = "simulated";
    private readonly SimulatedLine[] _lines;

    /// <summary>A board with so many lines.</summary>
    /// <param name="lineCount">28 as on a Pi's header unless given.</param>
    /// <param name="keepChanges">How many changes it remembers; of more, the oldest are forgotten.</param>
    /// <param name="name">As gpiochip0.</param>
    /// <param name="label">As pinctrl-rp1: for programs that choose their chip by it.</param>
    public SimulatedBoard(int lineCount = 28, int keepChanges = 100_000, string name = DefaultName, string label = "simulated board")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lineCount);
        ArgumentOutOfRangeException.ThrowIfNegative(keepChanges);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(label);
        (Name, Label) = (name, label);
        _lines = [.. Enumerable.Range(0, lineCount).Select(line => new SimulatedLine(line))];
        _keep = keepChanges;
        Start = Now;
        MoveIn();
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override string Label { get; }

    /// <inheritdoc/>
    public override int LineCount => _lines.Length;

    /// <summary>Each change of a level, as it happens, on the thread that has caused it.</summary>
    public event Action<PinChange>? Changed;

    /// <summary>How many lines are held by somebody.</summary>
    public int HeldLines
    {
        get
        {
            lock (Gate)
                return _lines.Count(line => line.Consumer is not null);
        }
    }

    /// <summary>Taken for whatever is of the board; by those who hold the gate of a request too, never the other way round.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>The level of a line, as a meter would show it.</summary>
    public bool this[int line] => Pin(line).Level;

    /// <summary>A pin, as a test reaches it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public SimulatedPin Pin(int line)
    {
        ThrowIfNoLine(line);
        return new SimulatedPin(this, _lines[line]);
    }

    /// <summary>Drives a line from outside, as a button or a sensor would. One that the program drives keeps its level.</summary>
    public void Drive(int line, bool level) => Pin(line).Drive(level);

    /// <summary>Wires pins together, for good: they have one level from now on.</summary>
    public void Connect(params int[] lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        Array.ForEach(lines, ThrowIfNoLine);
        if (lines.Length < 2)
            throw new ArgumentException("A wire has two ends, or more.", nameof(lines));
        Do(() =>
        {
            SimulatedNet net = _lines[lines[0]].Net;
            foreach (SimulatedLine line in lines.Skip(1).Select(number => _lines[number]).Where(line => line.Net != net).ToArray())
            {
                SimulatedNet other = line.Net;
                if (other == net)
                    continue;
                // What floats takes the level of the first; what acts on it is found out at once.
                foreach (SimulatedLine joined in other.Lines)
                {
                    bool differs = other.Level != net.Level;
                    joined.Net = net;
                    if (differs)
                        OnLevel(joined);
                }

                net.Lines.AddRange(other.Lines);
            }

            Settle(net);
        });
    }

    /// <summary>Gives a line another name than GPIOn; an empty one: none.</summary>
    public void Rename(int line, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        ThrowIfNoLine(line);
        lock (Gate)
            _lines[line].Name = name;
    }

    /// <inheritdoc/>
    public override GpioLineInfo GetLineInfo(int line)
    {
        ThrowIfNoLine(line);
        lock (Gate)
        {
            ThrowIfRemoved("ask for a line of");
            return _lines[line].Info;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name == DefaultName ? "the simulated board" : Name;

    /// <summary>Does nothing: a board that was opened again would still have its levels.</summary>
    public override void Dispose()
    {
    }

    /// <inheritdoc/>
    protected override GpioLineRequest OpenRequest(IReadOnlyList<int> lines, IReadOnlyList<GpioLineSettings> settings, GpioRequestOptions options)
    {
        SimulatedLine[] taken = [.. lines.Select(line => _lines[line])];
        SimulatedRequest request = new(this, taken, settings, options);
        Do(() =>
        {
            ThrowIfRemoved($"take line {string.Join(", ", lines)} of");
            if (taken.Any(line => line.Consumer is not null))
                throw Busy(lines);
            ThrowIfBiasRefused("take", request.Name, settings);
            request.TakeLines();
        });
        return request;
    }

    internal void ThrowIfBiasRefused(string action, string lines, IReadOnlyList<GpioLineSettings> settings)
    {
        if (!HasBias && settings.Any(one => one.Bias != GpioBias.AsIs))
            throw Refused(NotSupported, action, lines, settings);
    }
}
