using System.Device;
using System.Device.Gpio;
using System.Globalization;
using Sprig.IO;
using ChipInfo = System.Device.Gpio.GpioChipInfo;

namespace Sprig.Devices.Drivers;

/// <summary>The driver beneath a <see cref="GpioController"/>: what was written for System.Device.Gpio runs on Sprig's lines, unchanged,
/// and its handlers and waits on the loop. A pin's number is its line's offset in the chip, as on a Raspberry Pi's header.</summary>
/// <remarks>
/// Any thread may use it, with a scheduler or without. Edges are served by one loop: the run in which they are first needed; else
/// that in which the driver was made; else a thread of its own, "sprig-gpio", one for all pins, which Dispose ends. No thread per
/// pin, and none at all within a run; idle pins wake nobody up. Handlers run on that loop, one after the other; each is told of the edge that it was
/// called for. <c>WaitForEventAsync</c> in a coroutine is a wait of its loop, which obeys kills and deadlines.
/// When a run ends, its handlers end with it, and its outputs go to their safe levels; the pins are still open, and are taken anew
/// when they are next used.
/// </remarks>
/// <example><code>
/// using GpioController controller = new(new SprigGpioDriver());
/// controller.OpenPin(17, PinMode.Output).Write(PinValue.High);
/// </code></example>
public sealed partial class SprigGpioDriver : GpioDriver
{
    private readonly GpioChip _chip;
    private readonly bool _ownsChip;
    private readonly SprigGpioDriverOptions _options;
    private readonly EdgeLoop _loop;
    private readonly Lock _gate = new();
    private readonly DriverPin?[] _pins;
    private readonly List<PinRequest> _requests = [];
    private long _lost;
    private volatile bool _isDisposed;

    /// <summary>A driver for the board's header pins.</summary>
    /// <param name="options">How it behaves.</param>
    /// <exception cref="FileNotFoundException">This machine is none of the known boards; the message says how to go on.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission; the message says which group.</exception>
    public SprigGpioDriver(SprigGpioDriverOptions? options = null)
        : this(GpioChip.OpenBoard() ?? throw NoBoard(), ownsChip: true, options)
    {
    }

    /// <summary>A driver for the lines of a chip: the kernel's, or a simulated one.</summary>
    /// <param name="chip">Where the pins come from.</param>
    /// <param name="ownsChip">Whether Dispose disposes the chip too.</param>
    /// <param name="options">How it behaves.</param>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    public SprigGpioDriver(GpioChip chip, bool ownsChip = true, SprigGpioDriverOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(chip);
        _chip = chip;
        _ownsChip = ownsChip;
        _options = options ?? new SprigGpioDriverOptions();
        _options.ThrowIfUnfit(chip);
        _loop = new EdgeLoop(_options.Observer);
        _pins = new DriverPin?[chip.LineCount];
    }

    /// <inheritdoc/>
    protected override int PinCount => _chip.LineCount;

    /// <summary>How many edges were lost, of all pins, since the driver was made: by the kernel, because the loop was busy for too
    /// long, or here, because a queue was full or a busy handler's overlap dropped them. Any thread.</summary>
    public long LostEdges
    {
        get
        {
            lock (_gate)
                return _lost + _requests.Sum(request => request.LostEdges) + _pins.Sum(pin => pin?.Dropped ?? 0);
        }
    }

    /// <inheritdoc/>
    public override ChipInfo GetChipInfo()
    {
        string digits = _chip.Name[(_chip.Name.AsSpan().LastIndexOfAnyExceptInRange('0', '9') + 1)..];
        int id = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1;
        return new ChipInfo(id, _chip.Name, _chip.Label, _chip.LineCount);
    }

    /// <inheritdoc/>
    public override ComponentInformation QueryComponentInformation()
    {
        lock (_gate)
        {
            return new ComponentInformation(this, "Sprig GPIO driver")
            {
                Properties =
                {
                    ["ChipInfo"] = GetChipInfo().ToString(),
                    ["OpenPins"] = string.Join(", ", _pins.Where(pin => pin is not null).Select(pin => $"{pin!.Number} ({pin.Mode})")),
                    ["Waits"] = _pins.Sum(pin => pin?.Waits ?? 0).ToString(CultureInfo.InvariantCulture),
                    ["EdgesServedBy"] = _loop.Description,
                },
            };
        }
    }

    /// <summary>The chip and its driver, for reports.</summary>
    public override string ToString() => $"SprigGpioDriver of {_chip.Name} ({_chip.Label})";

    /// <summary>Takes the pin as it is: neither its mode nor its level is touched.</summary>
    /// <param name="pinNumber">The line's offset in the chip.</param>
    /// <exception cref="IOException">The line is held by another; the message says by whom.</exception>
    protected override void OpenPin(int pinNumber)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if ((uint)pinNumber >= _pins.Length)
                throw new ArgumentOutOfRangeException(nameof(pinNumber), pinNumber, $"{_chip.Name} ({_chip.Label}) has the pins 0 to {_pins.Length - 1}.");
            if (_pins[pinNumber] is not null)
                throw new InvalidOperationException($"Pin {pinNumber} of {_chip.Name} is open already.");
            // Before it is taken: then it would be this program that has it.
            bool drives = _chip.GetLineInfo(pinNumber).IsOutput;
            DriverPin pin = new(RequestFor(pinNumber), pinNumber, _gate, _options) { Mode = drives ? PinMode.Output : PinMode.Input };
            pin.Request.Add(pin);
            Volatile.Write(ref _pins[pinNumber], pin);
        }
    }

    /// <summary>Drives the safe level, if it is an output, and gives the pin back. Who waits for its edges gets
    /// <see cref="ObjectDisposedException"/>; its handlers are called no more.</summary>
    /// <param name="pinNumber">The line's offset in the chip.</param>
    protected override void ClosePin(int pinNumber)
    {
        lock (_gate)
        {
            DriverPin pin = PinOrThrow(pinNumber);
            _pins[pinNumber] = null;
            _lost += pin.Dropped;
            pin.EndCallbacks();
            pin.FailWaits(static _ => true, new ObjectDisposedException(pin.ToString()));
            if (!pin.Request.Close(pin))
                return;
            _lost += pin.Request.LostEdges;
            _requests.Remove(pin.Request);
        }
    }

    /// <summary>Closes each pin, ends the driver's thread, if it has one, and lets go of the chip.</summary>
    /// <param name="disposing">False in the finalizer.</param>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing || _isDisposed)
            return;
        lock (_gate)
        {
            _isDisposed = true;
            foreach (DriverPin? pin in _pins)
            {
                if (pin is not null)
                    ClosePin(pin.Number);
            }
        }

        // Without the gate: a handler that is under way may want it.
        _loop.End();
        if (_ownsChip)
            _chip.Dispose();
    }

    private PinRequest RequestFor(int pin)
    {
        if (_requests.Find(one => one.Holds(pin)) is { } open)
            return open;
        IReadOnlyList<int> lines = _options.Together?.FirstOrDefault(set => set.Contains(pin)) ?? [pin];
        PinRequest request = new(_chip, lines, _options, _loop, _gate);
        _requests.Add(request);
        return request;
    }

    private DriverPin PinOrThrow(int pin)
    {
        if ((uint)pin < _pins.Length && Volatile.Read(ref _pins[pin]) is { } open)
            return open;
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        throw new InvalidOperationException($"Pin {pin} of {_chip.Name} is not open; open it first.");
    }

    private static FileNotFoundException NoBoard()
        => new("No GPIO chip of a known board is here. Open the one that has the pins and give it to the driver: new SprigGpioDriver(GpioChip.Open(\"gpiochip0\")); "
            + "without hardware a SimulatedBoard.");
}
