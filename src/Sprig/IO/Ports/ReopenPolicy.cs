namespace Sprig.IO.Ports;

/// <summary>That a port whose device was unplugged waits for it to come back: <see cref="SerialSettings.Reopen"/>.</summary>
/// <remarks>The device's coming is told by the kernel. The times are for one that is there and can't be opened yet: udev has not
/// given it its group, another program looks what it is.</remarks>
public sealed record ReopenPolicy
{
    internal static readonly TimeSpan DefaultFirst = TimeSpan.FromMilliseconds(20);
    internal static readonly TimeSpan DefaultLongest = TimeSpan.FromSeconds(2);

    /// <summary>20 ms at first, 2 s at last.</summary>
    public static ReopenPolicy Default { get; } = new();

    /// <summary>How long to wait after the first try that failed; twice as long after each further one.</summary>
    public TimeSpan FirstDelay { get; init; } = DefaultFirst;

    /// <summary>The longest of these times.</summary>
    public TimeSpan LongestDelay { get; init; } = DefaultLongest;

    /// <summary>What a device needs that was without power, run each time when it is open again, before those who wait go on: commands
    /// that it forgot. Null: nothing.</summary>
    /// <remarks>It runs in the coroutine of one of those who wait, under its deadlines. It may read and write the port,
    /// though another's read or write waits. If the device goes meanwhile, it is run again when that
    /// is back; what else it throws is thrown by who waits, and the device is closed until the next one does.</remarks>
    public Func<SerialPort, ValueTask>? SetUp { get; init; }

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(FirstDelay, TimeSpan.Zero, nameof(FirstDelay));
        ArgumentOutOfRangeException.ThrowIfLessThan(LongestDelay, FirstDelay, nameof(LongestDelay));
    }
}
