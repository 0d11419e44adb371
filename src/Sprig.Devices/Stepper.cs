using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Devices;

/// <summary>A unipolar stepper motor on four lines, as the 28BYJ-48 behind a ULN2003.</summary>
/// <remarks>Loop thread only. The four coils are switched in one call. Each step is due at an absolute time, so that lateness does not
/// add up; a step is never left out. One thing drives it: a move ends the one before, as of now. However a move ends,
/// <see cref="Position"/> is right and the coils have no current: the 28BYJ-48 holds by its gear, and would get hot.</remarks>
public sealed class Stepper : IDisposable
{
    private const ulong AllCoils = 0b1111;

    // A bit for each coil.
    private static readonly byte[][] s_sequences =
    [
        [0b0001, 0b0011, 0b0010, 0b0110, 0b0100, 0b1100, 0b1000, 0b1001],
        [0b0011, 0b0110, 0b1100, 0b1001],
        [0b0001, 0b0010, 0b0100, 0b1000],
    ];

    private readonly GpioLineGroup _coils;
    private readonly byte[] _sequence;
    private readonly WorkSlot _work;
    private TimeSpan _stepTime = TimeSpan.FromMilliseconds(2);

    /// <summary>From the position to the step of the sequence.</summary>
    private long _phase;

    /// <summary>When the last step has had its time, also if its move was ended before.</summary>
    private MonotonicTime _rested = new(long.MinValue);

    /// <summary>On four lines that are its own from now on, in the order of the driver's inputs.</summary>
    /// <param name="coils">Outputs; given back when the stepper is disposed of.</param>
    /// <param name="mode">Which coils have current when.</param>
    /// <exception cref="ArgumentException">Not four outputs, or no such mode; the group is still the caller's.</exception>
    public Stepper(GpioLineGroup coils, StepperMode mode = StepperMode.HalfStep)
        : this(SequenceOf(mode), coils)
    {
    }

    /// <summary>On four lines of a chip, in the order of the driver's inputs.</summary>
    /// <inheritdoc cref="GpioChip.OpenOutput" path="/exception"/>
    public Stepper(GpioChip chip, int in1, int in2, int in3, int in4, StepperMode mode = StepperMode.HalfStep)
        : this(SequenceOf(mode), Open(chip, [in1, in2, in3, in4]))
    {
    }

    private Stepper(byte[] sequence, GpioLineGroup coils)
    {
        ArgumentNullException.ThrowIfNull(coils);
        if (coils.Lines.Count != 4 || coils.Settings.Any(one => one.Direction != GpioDirection.Output))
            throw new ArgumentException("A stepper has four lines, all of them opened as outputs.", nameof(coils));
        _sequence = sequence;
        _coils = coils;
        _work = new WorkSlot($"the stepper on lines {string.Join(", ", coils.Lines)}", Release);
    }

    /// <summary>In steps from where it was when this was made, or from where it was set to be; it counts each step as it is made.</summary>
    public long Position { get; private set; }

    /// <summary>Whether a move is going on.</summary>
    public bool IsMoving => _work.IsBusy;

    /// <summary>The time between two steps; 2 ms unless set, which a 28BYJ-48 follows in half steps. Counts from the next move.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 100 us.</exception>
    public TimeSpan StepTime
    {
        get => _stepTime;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMicroseconds(100));
            _stepTime = value;
        }
    }

    /// <summary>Moves by so many steps; returns when they are made, or another move has ended it.</summary>
    /// <param name="steps">Below 0: backward.</param>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    public Task MoveAsync(long steps) => MoveToAsync(Position + steps);

    /// <summary>Moves to a position; returns when it is there, or another move has ended it.</summary>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    public Task MoveToAsync(long position)
    {
        ObjectDisposedException.ThrowIf(_coils.IsDisposed, this);
        TimeSpan time = _stepTime;
        return _work.RunAsync("move", work => MoveAsync(work, position, time));
    }

    /// <summary>Ends a move, as of now.</summary>
    public void Stop()
    {
        _work.Take();
        Release();
    }

    /// <summary>Says that the present position is this one: after a move to an end switch.</summary>
    /// <exception cref="InvalidOperationException">It is moving.</exception>
    public void SetPosition(long position)
    {
        if (IsMoving)
            throw new InvalidOperationException("The stepper is moving; Stop it, or wait for its move, before its position is set.");
        // The next coil is the neighbour of the last one, whatever the number says.
        _phase += Position - position;
        Position = position;
    }

    /// <summary>Ends a move, and gives the lines back without current.</summary>
    public void Dispose()
    {
        Stop();
        _coils.Dispose();
    }

    private static byte[] SequenceOf(StepperMode mode)
        => Enum.IsDefined(mode)
            ? s_sequences[(int)mode]
            : throw new ArgumentOutOfRangeException(nameof(mode), mode, $"One of {nameof(StepperMode)}.");

    private static GpioLineGroup Open(GpioChip chip, int[] lines)
    {
        ArgumentNullException.ThrowIfNull(chip);
        return chip.OpenLines(lines, new GpioLineSettings { Direction = GpioDirection.Output });
    }

    private async Task MoveAsync(OutputWork work, long position, TimeSpan time)
    {
        MonotonicTime due = MonotonicTime.Now;
        // Two steps in no time would lose the rotor.
        if (Position != position && due < _rested)
            await work.SleepUntilAsync(due = _rested);
        while (Position != position)
        {
            long next = Position + Math.Sign(position - Position);
            // Below zero a remainder is too: these lengths are powers of two.
            _coils.WriteMask(AllCoils, _sequence[(next + _phase) & (_sequence.Length - 1)]);
            Position = next;
            _rested = MonotonicTime.Now + time;
            // The last step gets its time as well, before the current goes.
            await work.SleepUntilAsync(due = OutputWork.Next(due, time));
        }

        Release();
    }

    private void Release()
    {
        if (_coils.IsDisposed)
            return;
        try
        {
            _coils.WriteMask(AllCoils, 0);
        }
        catch (IOException)
        {
            // The chip is gone, and the current with it. Who moves next is told.
        }
    }
}
