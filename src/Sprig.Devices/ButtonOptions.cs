using Sprig.IO;

namespace Sprig.Devices;

/// <summary>How a button is wired, and how its presses are read.</summary>
public sealed record ButtonOptions
{
    /// <summary>The button connects the line to ground, and the chip's resistor pulls it up: pressed is low. Otherwise it connects to
    /// the supply, the resistor pulls down, and pressed is high.</summary>
    public bool PullUp { get; init; } = true;

    /// <summary>A level counts when it has held so long: contacts bounce. 5 ms unless set; zero for none. Events are as late.</summary>
    public TimeSpan Debounce { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Pressed for so long it counts as held, and no longer as a click; 1 s unless set.</summary>
    public TimeSpan HoldTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The time between two repeats while it is held on; 0.2 s unless set.</summary>
    public TimeSpan RepeatTime { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Pressed again within this time after a click, the two are a double click; 0.3 s unless set. A click is told only when
    /// that time is over; zero: at once, and there are no double clicks.</summary>
    public TimeSpan DoubleClickTime { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How its line is to be opened, for what opens it elsewhere:
    /// <c>board.OpenInput("GPIO22", new ButtonOptions().Input)</c>.</summary>
    public GpioInputOptions Input => new()
    {
        Bias = PullUp ? GpioBias.PullUp : GpioBias.PullDown,
        ActiveLow = PullUp,
        Debounce = Debounce,
    };

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Debounce, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(HoldTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(RepeatTime, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(DoubleClickTime, TimeSpan.Zero);
    }
}
