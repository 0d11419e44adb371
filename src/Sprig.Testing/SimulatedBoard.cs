using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Testing;

/// <summary>A board without hardware behind the face of a <see cref="GpioChip"/>: it records what the program drives, and a
/// test drives the inputs.</summary>
/// <remarks>Loop thread only. Lines are named GPIO0, GPIO1 ... and float low until somebody drives them.</remarks>
public sealed class SimulatedBoard : GpioChip
{
    private readonly SimulatedLine[] _lines;
    private readonly Queue<PinChange> _changes = new();
    private readonly int _keep;

    /// <summary>A board with so many lines.</summary>
    /// <param name="lineCount">28 as on a Pi's header unless given.</param>
    /// <param name="keepChanges">How many changes it remembers; of more, the oldest are forgotten.</param>
    public SimulatedBoard(int lineCount = 28, int keepChanges = 100_000)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lineCount);
        ArgumentOutOfRangeException.ThrowIfNegative(keepChanges);
        _lines = [.. Enumerable.Range(0, lineCount).Select(line => new SimulatedLine(this, line))];
        _keep = keepChanges;
    }

    /// <inheritdoc/>
    public override string Name => "simulated";

    /// <inheritdoc/>
    public override string Label => "simulated board";

    /// <inheritdoc/>
    public override int LineCount => _lines.Length;

    /// <summary>Each change of a level, as it happens.</summary>
    public event Action<PinChange>? Changed;

    /// <summary>The changes so far, oldest first.</summary>
    public IReadOnlyCollection<PinChange> Changes => _changes;

    /// <summary>How many lines are held by somebody.</summary>
    public int HeldLines => _lines.Count(line => line.Holder is not null);

    /// <summary>The level of a line, as a meter would show it.</summary>
    public bool this[int line]
    {
        get
        {
            ThrowIfNoLine(line);
            return _lines[line].Level;
        }
    }

    /// <summary>The changes of one line so far.</summary>
    public IEnumerable<PinChange> ChangesOf(int line) => _changes.Where(change => change.Line == line);

    /// <summary>Drives a line from outside, as a button or a sensor would. One that the program drives keeps its level.</summary>
    public void Drive(int line, bool level)
    {
        ThrowIfNoLine(line);
        _lines[line].DriveFromOutside(level);
    }

    /// <inheritdoc/>
    public override GpioLineInfo GetLineInfo(int line)
    {
        ThrowIfNoLine(line);
        SimulatedLine one = _lines[line];
        return new GpioLineInfo(line, $"GPIO{line}", one.Holder ?? "", one.Holder is not null, one.IsOutput);
    }

    /// <inheritdoc/>
    public override GpioOutput OpenOutput(int line, GpioOutputOptions? options = null)
    {
        options ??= new GpioOutputOptions();
        Take(line, options.Consumer);
        return new SimulatedOutput(_lines[line], options);
    }

    /// <inheritdoc/>
    public override GpioInput OpenInput(int line, GpioInputOptions? options = null)
    {
        options ??= new GpioInputOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.EdgeBuffer, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.EdgeBuffer, 1024, nameof(options));
        if (options.Debounce != TimeSpan.Zero)
            throw new NotSupportedException("The simulated board does not debounce: drive its lines without bouncing, or debounce in the program.");
        Take(line, options.Consumer);
        return new SimulatedInput(_lines[line], options);
    }

    /// <summary>Does nothing: a board that was opened again would still have its levels.</summary>
    public override void Dispose()
    {
    }

    internal void Record(int line, bool level)
    {
        PinChange change = new(MonotonicTime.Now, line, level);
        _changes.Enqueue(change);
        if (_changes.Count > _keep)
            _changes.Dequeue();
        Changed?.Invoke(change);
    }

    private void Take(int line, string consumer)
    {
        ThrowIfNoLine(line);
        if (_lines[line].Holder is { } holder)
            throw new IOException($"line {line} of the simulated board is held by '{holder}'; end that program, or choose another line.");
        _lines[line].Holder = consumer;
    }
}
