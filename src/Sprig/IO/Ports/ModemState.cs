using System.Buffers.Binary;
using Sprig.Linux;

namespace Sprig.IO.Ports;

/// <summary>The control lines at one moment, and how often those of the other end had changed by then: so that one which changed and
/// changed back is seen too, where the driver counts.</summary>
internal readonly record struct ModemState(ModemLines Lines, uint Cts, uint Dsr, uint Ring, uint Carrier)
{
    /// <summary>0, or minus errno: ENOTTY where there are no such lines.</summary>
    internal static int Look(ITty tty, out ModemState state)
    {
        Span<byte> lines = stackalloc byte[sizeof(int)];
        Span<byte> counters = stackalloc byte[SerialUapi.CountersSize];
        state = default;
        // The counters first: what changes in between is then seen at the next look, not never.
        if (tty.Control(SerialUapi.GetCounters, counters) < 0)
            counters.Clear();
        int result = tty.Control(SerialUapi.GetLines, lines);
        if (result < 0)
            return result;
        const ModemLines Known = ModemLines.Inputs | ModemLines.Dtr | ModemLines.Rts;
        state = new ModemState(
            (ModemLines)BinaryPrimitives.ReadInt32LittleEndian(lines) & Known,
            SerialUapi.CountOf(counters, SerialUapi.Counter.Cts),
            SerialUapi.CountOf(counters, SerialUapi.Counter.Dsr),
            SerialUapi.CountOf(counters, SerialUapi.Counter.Ring),
            SerialUapi.CountOf(counters, SerialUapi.Counter.Carrier));
        return 0;
    }

    internal ModemLines ChangedSince(in ModemState before)
        => ((Lines ^ before.Lines) & ModemLines.Inputs)
            | (Cts != before.Cts ? ModemLines.Cts : 0)
            | (Dsr != before.Dsr ? ModemLines.Dsr : 0)
            | (Ring != before.Ring ? ModemLines.Ring : 0)
            | (Carrier != before.Carrier ? ModemLines.CarrierDetect : 0);
}
