using System.Buffers.Binary;
using System.Diagnostics;
using Sprig.Testing.Buses;
using Xunit;

namespace Sprig.Devices.Tests.Bindings.Chips;

/// <summary>What Sensirion's chips have in common: commands of 16 bits, words of 16 bits each followed by a CRC-8 (polynomial 0x31, begun
/// with 0xFF, so that 0xBEEF gives 0x92), and no acknowledge while they are busy.</summary>
internal abstract class SensirionChip : SimulatedI2cDevice
{
    private byte[] _answer = [];
    private long _busyUntil;

    /// <summary>Lets the CRC of the next answer's words from this one on be wrong.</summary>
    internal int? CorruptFrom { get; set; }

    /// <summary>How often the program spoke to it while it was busy.</summary>
    internal int Impatience { get; private set; }

    internal static byte Crc(ReadOnlySpan<byte> bytes)
    {
        int crc = 0xFF;
        foreach (byte one in bytes)
        {
            crc ^= one;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 0x80) != 0 ? crc << 1 ^ 0x131 : crc << 1;
        }

        return (byte)crc;
    }

    protected sealed override void OnWrite(ReadOnlySpan<byte> bytes)
    {
        ThrowIfBusy();
        if (bytes.Length < 2)
            return;
        for (int i = 2; i + 3 <= bytes.Length; i += 3)
            Assert.Equal(Crc(bytes.Slice(i, 2)), bytes[i + 2]);
        _answer = [];
        OnCommand(BinaryPrimitives.ReadUInt16BigEndian(bytes), bytes.Length >= 5 ? BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) : (ushort)0);
    }

    protected sealed override void OnRead(Span<byte> buffer)
    {
        ThrowIfBusy();
        if (_answer.Length == 0)
            throw NotAcknowledged("nothing to say");
        buffer.Fill(0xFF);
        _answer.AsSpan(0, Math.Min(buffer.Length, _answer.Length)).CopyTo(buffer);
    }

    protected abstract void OnCommand(ushort command, ushort argument);

    /// <summary>A twentieth less: what counts is whether the binding waits, not how a timer rounds.</summary>
    protected void BusyFor(double milliseconds) => _busyUntil = Stopwatch.GetTimestamp() + (long)(0.95 * milliseconds * Stopwatch.Frequency / 1000);

    protected void Answer(params ReadOnlySpan<ushort> words)
    {
        _answer = new byte[words.Length * 3];
        for (int i = 0; i < words.Length; i++)
        {
            Span<byte> word = _answer.AsSpan(i * 3, 3);
            BinaryPrimitives.WriteUInt16BigEndian(word, words[i]);
            word[2] = (byte)(Crc(word[..2]) ^ (i >= CorruptFrom ? 1 : 0));
        }
    }

    private void ThrowIfBusy()
    {
        if (Stopwatch.GetTimestamp() >= _busyUntil)
            return;
        Impatience++;
        throw NotAcknowledged("busy");
    }
}
