using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Devices.Drivers;

/// <summary>How a <see cref="SprigGpioDriver"/> behaves.</summary>
public sealed record SprigGpioDriverOptions
{
    /// <summary>What becomes of edges that come while a handler is busy with an earlier one. For handlers that are added without a
    /// choice of their own.</summary>
    public CallbackOverlap Overlap { get; init; }

    /// <summary>How many edges wait for one busy handler (<see cref="CallbackOverlap.Queue"/>), or on one pin for the next
    /// <c>WaitForEvent</c>; of more the oldest are dropped, and counted. 16384 unless set.</summary>
    public int QueueCapacity { get; init; } = 16_384;

    /// <summary>Whether edges that come between two waits for a pin are kept for the next one, so that a loop of waits sees each of
    /// them. True unless set. False: only edges that come during a wait count, as with other drivers; for code that waits for a
    /// press, sleeps until the contact has settled, and waits again.</summary>
    public bool KeepEdgesBetweenWaits { get; init; } = true;

    /// <summary>Pins that are taken together, when the first of each set is opened: what is written to them, or read, in one span goes
    /// in one call of the kernel. Null: each pin for itself.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? Together { get; init; }

    /// <summary>Changes how a pin is set, each time that its mode is: debounce, safe level, drive, active-low. Gets the pin and
    /// the settings for the mode, whose Direction must stay.</summary>
    public Func<int, GpioLineSettings, GpioLineSettings>? Configure { get; init; }

    /// <summary>How many edges the kernel keeps for a pin, or for those of one set <see cref="Together"/>, while the loop is busy: 1 to
    /// 1024. Of more the oldest are lost, and counted. 256 unless set.</summary>
    public int EdgeBuffer { get; init; } = 256;

    /// <summary>Who holds the pins, as others see it.</summary>
    public string Consumer { get; init; } = "sprig";

    /// <summary>Is told of what fails in handlers on the driver's own thread, where no run serves it; null: only the error output is.</summary>
    public SchedulerObserver? Observer { get; init; }

    internal void ThrowIfUnfit(GpioChip chip)
    {
        ThrowIfOutOfRange();
        HashSet<int> seen = [];
        foreach (int pin in (Together ?? []).SelectMany(set => set))
        {
            if (pin < 0 || pin >= chip.LineCount || !seen.Add(pin))
                throw new ArgumentException($"Together: pin {pin} is there twice, or is none of {chip.Name}, which has 0 to {chip.LineCount - 1}.", nameof(chip));
        }
    }

    private void ThrowIfOutOfRange()
    {
        ArgumentNullException.ThrowIfNull(Consumer);
        if (!Enum.IsDefined(Overlap))
            throw new ArgumentOutOfRangeException(nameof(Overlap), Overlap, "Queue, Drop or Restart.");
        ArgumentOutOfRangeException.ThrowIfLessThan(QueueCapacity, 1);
        if (EdgeBuffer is < 1 or > 1024)
            throw new ArgumentOutOfRangeException(nameof(EdgeBuffer), EdgeBuffer, "The kernel keeps 1 to 1024 edges for a request.");
    }
}
