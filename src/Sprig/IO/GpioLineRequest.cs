using Sprig.Scheduling;

namespace Sprig.IO;

/// <summary>The one seam between lines and what is beneath them, a kernel or a simulated board: 1 to 64 lines of one chip, taken
/// together. <see cref="GpioInput"/>, <see cref="GpioOutput"/> and <see cref="GpioLineGroup"/> are faces of it.</summary>
/// <remarks>
/// Levels and settings are for any thread: each call takes one lock, which costs nothing beside the kernel's call, and keeps a
/// level from being driven after the safe one, or a descriptor from being closed in the midst of a call. Edges are for the loop.
/// In a mask bit i is the i-th of <see cref="Lines"/>, whatever its offset.
/// </remarks>
public abstract partial class GpioLineRequest : IDisposable
{
    private readonly Lock _gate = new();
    private readonly int[] _lines;
    private GpioLineSettings[] _settings;
    private ulong _levels;

    /// <summary>For implementations, which have taken the lines already, with these settings.</summary>
    /// <param name="lines">Their offsets in the chip.</param>
    /// <param name="settings">One for each line.</param>
    /// <param name="chip">The chip's path or name, for messages.</param>
    protected GpioLineRequest(IReadOnlyList<int> lines, IReadOnlyList<GpioLineSettings> settings, string chip)
    {
        _lines = [.. lines];
        _settings = [.. settings];
        _tracks = new EdgeTrack[_lines.Length];
        Chip = chip;
        Name = _lines.Length == 1 ? $"line {_lines[0]} of {chip}" : $"lines {string.Join(", ", _lines)} of {chip}";
        _waiters = new WaitQueue($"an edge of {Name}");
        _levels = MaskOf(settings, one => one.InitialLevel);
    }

    /// <summary>The lines' offsets in the chip, in the order of the masks' bits.</summary>
    public IReadOnlyList<int> Lines => _lines;

    /// <summary>How each line is set.</summary>
    public IReadOnlyList<GpioLineSettings> Settings => Volatile.Read(ref _settings);

    /// <summary>The chip's path or name, for messages.</summary>
    public string Chip { get; }

    /// <summary>Lines and chip, for messages: "line 17 of /dev/gpiochip0".</summary>
    public string Name { get; }

    /// <summary>Whether the lines were given back.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>The run that it belongs to; null where it was opened outside of any.</summary>
    internal CoroutineScheduler? Run { get; set; }

    /// <summary>The levels that outputs were last told to drive.</summary>
    protected internal ulong Levels => Volatile.Read(ref _levels);

    /// <summary>The kernel's chip whose lines these are, which outlives this process; null where nothing does, as on a simulated board.</summary>
    internal virtual GpioChipInfo? KernelChip => null;

    /// <summary>What its outputs are to get when this process is no more.</summary>
    internal IReadOnlyList<SafeLine> SafeLines => SafeLine.Of(KernelChip, _lines, Settings);

    internal ulong All => ulong.MaxValue >> (64 - _lines.Length);

    /// <summary>Drives the safe levels, then gives the lines back; who waits gets <see cref="ObjectDisposedException"/>. Any thread;
    /// the second call does nothing.</summary>
    public void Dispose()
    {
        try
        {
            GiveBack();
        }
        finally
        {
            HeldLines.Remove(this);
            WakeForEnd();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Where a line stands in the masks.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none of these lines.</exception>
    internal int PlaceOf(int line)
        => Array.IndexOf(_lines, line) is >= 0 and int place ? place
            : throw new ArgumentOutOfRangeException(nameof(line), line, $"This is none of the {Name}.");

    internal string NameOf(int place) => $"line {_lines[place]} of {Chip}";

    /// <summary>The levels of the lines in the mask, as logic sees them.</summary>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    protected abstract ulong GetValues(ulong mask);

    /// <summary>Drives the lines in the mask, all of them outputs as far as is known.</summary>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    protected abstract void SetValues(ulong mask, ulong levels);

    /// <summary>Replaces the settings of all lines; on an error those before are in force.</summary>
    /// <param name="settings">One for each line, checked.</param>
    /// <param name="levels">What those of them that are outputs drive.</param>
    /// <exception cref="IOException">The chip refuses, or is gone.</exception>
    protected abstract void SetConfig(IReadOnlyList<GpioLineSettings> settings, ulong levels);

    /// <summary>Gives the lines back as they are. Called once, on any thread, and nothing after it but what the loop asks about edges.</summary>
    protected abstract void Release();

    private void GiveBack()
    {
        lock (_gate)
        {
            if (IsDisposed)
                return;
            try
            {
                DriveSafe();
            }
            finally
            {
                IsDisposed = true;
                Release();
            }
        }
    }

    private void ThrowIfDisposed()
    {
        // The name, not the type: a program holds many lines.
        if (IsDisposed)
            throw new ObjectDisposedException(Name);
    }

    private static ulong MaskOf(IReadOnlyList<GpioLineSettings> settings, Func<GpioLineSettings, bool> has)
    {
        ulong mask = 0;
        for (int i = 0; i < settings.Count; i++)
            mask |= has(settings[i]) ? 1UL << i : 0;
        return mask;
    }
}
