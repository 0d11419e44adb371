using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Devices;

/// <summary>A rotary encoder with two contacts: steps as a stream, and a counter.</summary>
/// <remarks>Loop thread only, in a run. Its state comes from the edges of both contacts, taken in one request, so that their order is the
/// kernel's; nothing is read afterwards, when it may have changed already. All four changes of a cycle are followed, and a bounce, which
/// goes there and back, adds up to nothing. Any number of coroutines listen; see <see cref="DeviceEvents{T}"/>. The push button of a
/// knob is a <see cref="Button"/>.</remarks>
public sealed class RotaryEncoder : IDisposable
{
    /// <summary>By the state before and after, A as bit 1 and B as bit 0: one on in the cycle 00, 10, 11, 01; one back; or nothing, where
    /// both have changed and so an edge was lost.</summary>
    private static readonly sbyte[] s_turns =
    [
        0, -1, 1, 0,
        1, 0, 0, -1,
        -1, 0, 0, 1,
        0, 1, -1, 0,
    ];

    private readonly GpioLineGroup _lines;
    private readonly RotaryEncoderOptions _options;
    private readonly Decoder _decoder;
    private int _state;
    private int _turned;
    private long _position;

    /// <summary>An encoder on two lines, A and B, that are its own from now on.</summary>
    /// <param name="lines">Inputs with both edges; given back when the encoder is disposed of.</param>
    /// <param name="options">How to count; how the lines are wired is said by the group.</param>
    /// <exception cref="ArgumentException">Not two such lines, or options that make no sense; the group is still the caller's.</exception>
    /// <exception cref="InvalidOperationException">No scheduler runs on this thread; the group is still the caller's.</exception>
    public RotaryEncoder(GpioLineGroup lines, RotaryEncoderOptions? options = null)
        : this(Checked(lines), (options ?? new RotaryEncoderOptions()).Checked(), isOwn: false)
    {
    }

    /// <summary>An encoder on two lines of a chip.</summary>
    /// <param name="chip">Where the lines are.</param>
    /// <param name="a">The contact that leads when it is turned clockwise.</param>
    /// <param name="b">The other one.</param>
    /// <param name="options">Wiring and counting.</param>
    /// <exception cref="ArgumentException">Options that make no sense; no line is held.</exception>
    /// <exception cref="InvalidOperationException">No scheduler runs on this thread; no line is held.</exception>
    /// <inheritdoc cref="GpioChip.OpenInput" path="/exception"/>
    public RotaryEncoder(GpioChip chip, int a, int b, RotaryEncoderOptions? options = null)
        : this(Open(chip, a, b, (options ??= new RotaryEncoderOptions()).Checked()), options, isOwn: true)
    {
    }

    private RotaryEncoder(GpioLineGroup lines, RotaryEncoderOptions options, bool isOwn)
    {
        (_lines, _options) = (lines, options);
        _position = Math.Clamp(0, options.Minimum ?? long.MinValue, options.Maximum ?? long.MaxValue);
        string name = $"the rotary encoder on lines {lines.Lines[0]} and {lines.Lines[1]}";
        Turned = new DeviceEvents<RotaryStep>($"Turned of {name}");
        try
        {
            ulong levels = lines.ReadMask();
            _state = (levels & 1) != 0 ? 2 : 0;
            _state |= (levels & 2) != 0 ? 1 : 0;
            _decoder = new Decoder(name, lines, [Turned], DecodeAsync);
        }
        catch when (isOwn)
        {
            lines.Dispose();
            throw;
        }
    }

    /// <summary>Steps from where it was when this was made, or from where it was set to be: clockwise up. 0 at first, or the end that is
    /// next to it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set beyond an end.</exception>
    public long Position
    {
        get => _position;
        set
        {
            if (value < _options.Minimum || value > _options.Maximum)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(value), value, $"The encoder counts from {_options.Minimum} to {_options.Maximum}.");
            }

            _position = value;
        }
    }

    /// <summary>How many edges were lost because the loop was too late for them.</summary>
    public long LostEdges => _lines.LostEdges;

    /// <summary>It was turned by a step, at an end too.</summary>
    public DeviceEvents<RotaryStep> Turned { get; }

    /// <summary>The position: now, and then after each step.</summary>
    public IAsyncEnumerable<long> Values() => InputLine.ValuesAsync(() => _position, Turned, static step => step.Position);

    /// <summary>Gives the lines back; streams end, waits throw.</summary>
    public void Dispose() => _decoder.Dispose();

    private static GpioLineGroup Checked(GpioLineGroup lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        if (lines.Lines.Count != 2 || lines.Settings.Any(one => one.Edges != GpioEdges.Both))
            throw new ArgumentException("An encoder has two lines, A and B, both opened with GpioEdges.Both.", nameof(lines));
        return lines;
    }

    private static GpioLineGroup Open(GpioChip chip, int a, int b, RotaryEncoderOptions options)
    {
        ArgumentNullException.ThrowIfNull(chip);
        // Throws where none runs.
        _ = CoroutineScheduler.Current;
        return chip.OpenLines([a, b], options.Settings);
    }

    private async Task DecodeAsync()
    {
        while (true)
        {
            GpioEdge edge = await _lines.WaitForEdgeAsync();
            int bit = edge.Line == _lines.Lines[0] ? 2 : 1;
            int next = edge.IsRising ? _state | bit : _state & ~bit;
            _turned += s_turns[_state * 4 + next];
            _state = next;
            if (IsAtRest(next))
                Count(edge.Timestamp);
        }
    }

    /// <summary>Where a knob with clicks stands between its steps.</summary>
    private bool IsAtRest(int state) => _options.ChangesPerStep switch
    {
        4 => state == 0,
        2 => state is 0 or 3,
        _ => true,
    };

    private void Count(MonotonicTime moment)
    {
        // More than half of a step is one: some of its edges may have been lost.
        int direction = Math.Abs(_turned) * 2 >= _options.ChangesPerStep ? Math.Sign(_turned) : 0;
        _turned = 0;
        if (direction == 0)
            return;
        _position = Next(direction);
        Turned.Publish(new RotaryStep(moment, direction, _position));
    }

    private long Next(int direction)
    {
        if (direction > 0 && _position == _options.Maximum)
            return _options.Wrap ? _options.Minimum!.Value : _position;
        if (direction < 0 && _position == _options.Minimum)
            return _options.Wrap ? _options.Maximum!.Value : _position;
        return _position + direction;
    }
}
