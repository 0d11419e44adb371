using Sprig.Linux;

namespace Sprig.IO.Ports;

/// <summary>Tells the driver how to switch the sender of an RS-485 line, and asks how it does.</summary>
internal static class Rs485Setting
{
    /// <summary>Null where the driver does no such thing.</summary>
    internal static Rs485Settings? Read(SerialLine line)
    {
        Span<byte> answer = stackalloc byte[SerialUapi.Rs485Size];
        if (line.Tty.Control(SerialUapi.GetRs485, answer) < 0)
            return null;
        (uint flags, uint before, uint after) = SerialUapi.ReadRs485(answer);
        return new Rs485Settings
        {
            Enabled = (flags & SerialUapi.Rs485Enabled) != 0,
            RtsOnSend = (flags & SerialUapi.Rs485RtsOnSend) != 0,
            RtsAfterSend = (flags & SerialUapi.Rs485RtsAfterSend) != 0,
            DelayBeforeSend = TimeSpan.FromMilliseconds(before),
            DelayAfterSend = TimeSpan.FromMilliseconds(after),
            ReceivesWhileSending = (flags & SerialUapi.Rs485ReceivesWhileSending) != 0,
            Terminated = (flags & SerialUapi.Rs485Terminated) != 0,
        };
    }

    /// <exception cref="IOException">The driver can't, or does otherwise; then it does as before.</exception>
    internal static void Apply(SerialLine line, Rs485Settings wanted)
    {
        Span<byte> old = stackalloc byte[SerialUapi.Rs485Size];
        Span<byte> request = stackalloc byte[SerialUapi.Rs485Size];
        SerialUapi.FillRs485(request, FlagsOf(wanted), Milliseconds(wanted.DelayBeforeSend), Milliseconds(wanted.DelayAfterSend));
        int result = line.Tty.Control(SerialUapi.GetRs485, old);
        if (result >= 0)
            result = line.Tty.Control(SerialUapi.SetRs485, request);
        if (result < 0)
        {
            throw new IOException(
                $"The driver of {line.Path} does not switch an RS-485 line ({Errno.Describe(-result)}): leave Rs485 unset where the adapter does so by itself, or switch RTS by hand.", -result);
        }

        Rs485Settings? actual = Read(line);
        if (actual == wanted || (!wanted.Enabled && actual is { Enabled: false }))
            return;
        _ = line.Tty.Control(SerialUapi.SetRs485, old);
        throw new IOException($"{line.Path} does not do {wanted}: the driver chose {actual}.");
    }

    private static uint FlagsOf(Rs485Settings settings)
        => (settings.Enabled ? SerialUapi.Rs485Enabled : 0)
            | (settings.RtsOnSend ? SerialUapi.Rs485RtsOnSend : 0)
            | (settings.RtsAfterSend ? SerialUapi.Rs485RtsAfterSend : 0)
            | (settings.ReceivesWhileSending ? SerialUapi.Rs485ReceivesWhileSending : 0)
            | (settings.Terminated ? SerialUapi.Rs485Terminated : 0);

    private static uint Milliseconds(TimeSpan delay)
    {
        double milliseconds = delay.TotalMilliseconds;
        return milliseconds is >= 0 and <= uint.MaxValue && milliseconds == Math.Floor(milliseconds) ? (uint)milliseconds
            : throw new ArgumentOutOfRangeException(nameof(delay), delay, "The delays of an RS-485 line are whole milliseconds.");
    }
}
