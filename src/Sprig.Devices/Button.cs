using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Devices;

/// <summary>A push button: presses, releases, holds, clicks and double clicks, as streams, waits and handlers.</summary>
/// <remarks>Loop thread only, in a run. Times are those of the kernel's stamps, so that a program that is busy for a while still tells
/// a click from a hold. Any number of coroutines listen; see <see cref="DeviceEvents{T}"/>.</remarks>
/// <example><code>
/// using Button button = new(chip, 22);
/// await foreach (ButtonEvent press in button.Pressed)
///     led.Toggle();
/// </code></example>
public sealed partial class Button : IDisposable
{
    private readonly GpioInput _input;
    private readonly ButtonOptions _options;
    private readonly Decoder _decoder;
    private readonly DeviceEvents<bool> _changes;

    /// <summary>A button on an input that is its own from now on. Active is pressed; debouncing is the input's.</summary>
    /// <param name="input">Given back when the button is disposed of. Nobody else may wait for its edges.</param>
    /// <param name="options">Its times; how the line is wired is said by the input.</param>
    /// <exception cref="ArgumentException">A time is out of range; the input is still the caller's.</exception>
    /// <exception cref="InvalidOperationException">No scheduler runs on this thread; the input is still the caller's.</exception>
    public Button(GpioInput input, ButtonOptions? options = null)
        : this(input, options ?? new ButtonOptions(), isOwn: false)
    {
    }

    /// <summary>A button on a line of a chip, between the line and ground unless the options say otherwise.</summary>
    /// <exception cref="ArgumentException">A time is out of range, or the chip has no such line; no line is held.</exception>
    /// <exception cref="InvalidOperationException">No scheduler runs on this thread; no line is held.</exception>
    /// <inheritdoc cref="GpioChip.OpenInput" path="/exception"/>
    public Button(GpioChip chip, int line, ButtonOptions? options = null)
        : this(InputLine.Open(chip, line, (options ??= new ButtonOptions()).Input), options, isOwn: true)
    {
    }

    private Button(GpioInput input, ButtonOptions options, bool isOwn)
    {
        ArgumentNullException.ThrowIfNull(input);
        _input = input;
        _options = options;
        string name = $"the button on line {input.Line}";
        Pressed = new DeviceEvents<ButtonEvent>($"Pressed of {name}");
        Released = new DeviceEvents<ButtonEvent>($"Released of {name}");
        Held = new DeviceEvents<ButtonEvent>($"Held of {name}");
        HeldRepeat = new DeviceEvents<ButtonEvent>($"HeldRepeat of {name}", LookAgain);
        Clicked = new DeviceEvents<ButtonEvent>($"Clicked of {name}");
        DoubleClicked = new DeviceEvents<ButtonEvent>($"DoubleClicked of {name}");
        _changes = new DeviceEvents<bool>($"Values of {name}");
        try
        {
            options.Check();
            IsPressed = input.Read();
            _pressedAt = MonotonicTime.Now;
            _holdDue = IsPressed ? _pressedAt + options.HoldTime : s_never;
            _decoder = new Decoder(name, input, [Pressed, Released, Held, HeldRepeat, Clicked, DoubleClicked, _changes], DecodeAsync);
        }
        catch when (isOwn)
        {
            input.Dispose();
            throw;
        }
    }

    /// <summary>The line's offset in its chip.</summary>
    public int Line => _input.Line;

    /// <summary>Whether it is down, by the last edge that was read. Pressed already when this was made, it is down without a
    /// press.</summary>
    public bool IsPressed { get; private set; }

    /// <summary>How many edges were lost because the loop was too late for them; the kernel keeps the newest.</summary>
    public long LostEdges => _input.LostEdges;

    /// <summary>It went down.</summary>
    public DeviceEvents<ButtonEvent> Pressed { get; }

    /// <summary>It went up.</summary>
    public DeviceEvents<ButtonEvent> Released { get; }

    /// <summary>It has been down for the hold time; once a press.</summary>
    public DeviceEvents<ButtonEvent> Held { get; }

    /// <summary>After <see cref="Held"/>, each repeat time that it stays down.</summary>
    public DeviceEvents<ButtonEvent> HeldRepeat { get; }

    /// <summary>It went down and up before the hold time, and not again within the double click time.</summary>
    public DeviceEvents<ButtonEvent> Clicked { get; }

    /// <summary>It was clicked twice, the second time within the double click time after the first.</summary>
    public DeviceEvents<ButtonEvent> DoubleClicked { get; }

    /// <summary>Returns at once when it is down, else when it goes down. The next press is <c>Pressed.NextAsync()</c>.</summary>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    /// <exception cref="ObjectDisposedException">The button was disposed of.</exception>
    public ValueTask WaitForPressAsync(CancellationToken cancellationToken = default)
        => _decoder.WaitUntilAsync(() => IsPressed, Pressed, cancellationToken);

    /// <summary>Returns at once when it is up, else when it goes up. The next release is <c>Released.NextAsync()</c>.</summary>
    /// <inheritdoc cref="WaitForPressAsync"/>
    public ValueTask WaitForReleaseAsync(CancellationToken cancellationToken = default)
        => _decoder.WaitUntilAsync(() => !IsPressed, Released, cancellationToken);

    /// <summary>Whether it is down: now, and then each change. For <c>led.FollowAsync(button.Values())</c>.</summary>
    public IAsyncEnumerable<bool> Values() => InputLine.ValuesAsync(() => IsPressed, _changes, static value => value);

    /// <summary>Gives the line back; streams end, waits throw.</summary>
    public void Dispose() => _decoder.Dispose();
}
