using System.Buffers.Binary;

namespace Sprig.Linux;

/// <summary>asm-generic/ioctls.h and linux/serial.h: the numbers of a serial line's requests, and where its structs have what.</summary>
internal static class SerialUapi
{
    internal const uint SendBreakOrDrain = 0x5409;
    internal const uint FlushQueues = 0x540B;
    internal const uint SetExclusive = 0x540C;
    internal const uint SetShared = 0x540D;
    internal const uint OutputQueued = 0x5411;
    internal const uint GetLines = 0x5415;
    internal const uint RaiseLines = 0x5416;
    internal const uint DropLines = 0x5417;
    internal const uint InputQueued = 0x541B;
    internal const uint GetSerial = 0x541E;
    internal const uint SetSerial = 0x541F;
    internal const uint BeginBreak = 0x5427;
    internal const uint EndBreak = 0x5428;
    internal const uint GetRs485 = 0x542E;
    internal const uint SetRs485 = 0x542F;
    internal const uint AwaitLines = 0x545C;
    internal const uint GetCounters = 0x545D;
    internal const uint GetExclusive = 0x80045440;

    internal const int FlushInput = 0;
    internal const int FlushOutput = 1;

    /// <summary>The argument of <see cref="SendBreakOrDrain"/> that makes it wait until all is sent.</summary>
    internal const int DrainOnly = 1;

    internal const int LineDtr = 0x002;
    internal const int LineRts = 0x004;
    internal const int LineCts = 0x020;
    internal const int LineCarrier = 0x040;
    internal const int LineRing = 0x080;
    internal const int LineDsr = 0x100;
    internal const int InputLines = LineCts | LineCarrier | LineRing | LineDsr;

    /// <summary>struct serial_struct: 72 bytes with 64-bit pointers, 60 with 32-bit ones; the flags stand before them.</summary>
    internal const int SerialSize = 72;
    internal const uint LowLatency = 0x2000;
    private const int SerialFlagsOffset = 16;

    /// <summary>struct serial_icounter_struct: twenty ints.</summary>
    internal const int CountersSize = 80;

    /// <summary>struct serial_rs485: flags, two delays in milliseconds, and what newer kernels add.</summary>
    internal const int Rs485Size = 32;
    internal const uint Rs485Enabled = 0x01;
    internal const uint Rs485RtsOnSend = 0x02;
    internal const uint Rs485RtsAfterSend = 0x04;
    internal const uint Rs485ReceivesWhileSending = 0x10;
    internal const uint Rs485Terminated = 0x20;
    private const int DelayBeforeOffset = 4;
    private const int DelayAfterOffset = 8;

    /// <summary>Which of the counters.</summary>
    internal enum Counter
    {
        Cts,
        Dsr,
        Ring,
        Carrier,
        Received,
        Sent,
        Framing,
        Overrun,
        Parity,
        Break,
        BufferOverrun,
    }

    internal static uint CountOf(ReadOnlySpan<byte> counters, Counter counter)
        => BinaryPrimitives.ReadUInt32LittleEndian(counters[((int)counter * sizeof(uint))..]);

    internal static uint FlagsOf(ReadOnlySpan<byte> serial) => BinaryPrimitives.ReadUInt32LittleEndian(serial[SerialFlagsOffset..]);

    internal static void SetFlags(Span<byte> serial, uint flags) => BinaryPrimitives.WriteUInt32LittleEndian(serial[SerialFlagsOffset..], flags);

    internal static void FillRs485(Span<byte> request, uint flags, uint delayBefore, uint delayAfter)
    {
        request.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(request, flags);
        BinaryPrimitives.WriteUInt32LittleEndian(request[DelayBeforeOffset..], delayBefore);
        BinaryPrimitives.WriteUInt32LittleEndian(request[DelayAfterOffset..], delayAfter);
    }

    internal static (uint Flags, uint DelayBefore, uint DelayAfter) ReadRs485(ReadOnlySpan<byte> answer)
        => (BinaryPrimitives.ReadUInt32LittleEndian(answer),
            BinaryPrimitives.ReadUInt32LittleEndian(answer[DelayBeforeOffset..]),
            BinaryPrimitives.ReadUInt32LittleEndian(answer[DelayAfterOffset..]));
}
