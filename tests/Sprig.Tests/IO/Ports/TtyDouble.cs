using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Sprig.IO.Ports;
using Sprig.Linux;
using Sprig.Tests.Support;

namespace Sprig.Tests.IO.Ports;

/// <summary>A driver made up upon a pty: bytes go through the pty, and what a pty has not, this has: modem lines, counters, RS-485, any
/// frame. Its calls that sleep do so in the kernel, in a read of a pipe, so that signals reach them as they do the real ones.</summary>
internal sealed class TtyDouble : ITty, IDisposable
{
    private const uint GetTermios = 0x802C542A;
    private const uint SetTermios = 0x402C542B;
    private const int OutputSpeedOffset = 40;
    private readonly NativeCalls.FileNumbers _wakes = NativeCalls.BlockingPipe();
    private readonly Lock _gate = new();
    private readonly uint[] _counters = new uint[20];
    private readonly byte[] _rs485 = new byte[SerialUapi.Rs485Size];
    private byte[]? _termios;
    private KernelTty? _kernel;
    private int _lines;
    private uint _serialFlags;

    /// <summary>Whether it has modem lines, counters and so on; else it answers as a pty.</summary>
    internal bool HasLines { get; init; } = true;

    internal bool HasCounters { get; init; } = true;

    internal bool HasRs485 { get; init; }

    internal bool HasLowLatency { get; init; }

    /// <summary>What the driver makes of a baud rate.</summary>
    internal Func<uint, uint> Round { get; init; } = rate => rate;

    /// <summary>What the driver makes of the flags of an RS-485 line.</summary>
    internal uint Rs485Mask { get; init; } = uint.MaxValue;

    internal uint SerialFlags => _serialFlags;

    internal bool IsBreaking { get; private set; }

    internal int BreaksBegun { get; private set; }

    internal ModemLines Lines => (ModemLines)Volatile.Read(ref _lines);

    /// <summary>How often a call has slept, or begun to.</summary>
    internal int Sleeps => Volatile.Read(ref _sleeps);

    private int _sleeps;

    internal byte[] Termios => _termios!;

    internal SerialPort Port(string path) => new(path) { Connect = Attach };

    internal ITty Attach(FileDescriptor file)
    {
        _kernel = new KernelTty(file);
        return this;
    }

    /// <summary>Lines change, in the counters and as they stand; the sleeping call hears of it.</summary>
    internal void Set(ModemLines lines, bool up)
    {
        Change(lines, up);
        Wake(0);
    }

    /// <summary>The same, but nobody is woken: as between a look and the sleep.</summary>
    internal void Change(ModemLines lines, bool up)
    {
        lock (_gate)
        {
            int before = _lines;
            _lines = up ? _lines | (int)lines : _lines & ~(int)lines;
            int changed = before ^ _lines;
            Count(SerialUapi.Counter.Cts, (changed & SerialUapi.LineCts) != 0 ? 1u : 0);
            Count(SerialUapi.Counter.Dsr, (changed & SerialUapi.LineDsr) != 0 ? 1u : 0);
            Count(SerialUapi.Counter.Ring, (changed & SerialUapi.LineRing) != 0 ? 1u : 0);
            Count(SerialUapi.Counter.Carrier, (changed & SerialUapi.LineCarrier) != 0 ? 1u : 0);
        }
    }

    internal void Count(SerialUapi.Counter counter, uint more = 1)
    {
        lock (_gate)
            _counters[(int)counter] = unchecked(_counters[(int)counter] + more);
    }

    /// <summary>Ends the call that sleeps, or the next one, with 0 or an error.</summary>
    internal void Wake(int errno) => Syscall.Write(_wakes.Second, [(byte)errno]);

    public int Control(uint request, Span<byte> argument)
    {
        lock (_gate)
        {
            switch (request)
            {
                case SerialUapi.GetLines when HasLines:
                    BinaryPrimitives.WriteInt32LittleEndian(argument, _lines);
                    return 0;
                case SerialUapi.RaiseLines when HasLines:
                    _lines |= BinaryPrimitives.ReadInt32LittleEndian(argument);
                    return 0;
                case SerialUapi.DropLines when HasLines:
                    _lines &= ~BinaryPrimitives.ReadInt32LittleEndian(argument);
                    return 0;
                case SerialUapi.GetCounters when HasCounters:
                    MemoryMarshal.AsBytes<uint>(_counters).CopyTo(argument);
                    return 0;
                case SerialUapi.GetRs485 when HasRs485:
                    _rs485.CopyTo(argument);
                    return 0;
                case SerialUapi.SetRs485 when HasRs485:
                    argument.CopyTo(_rs485);
                    (uint flags, uint before, uint after) = SerialUapi.ReadRs485(argument);
                    SerialUapi.FillRs485(_rs485, flags & Rs485Mask, before, after);
                    return 0;
                case SerialUapi.GetSerial when HasLowLatency:
                    argument.Clear();
                    SerialUapi.SetFlags(argument, _serialFlags);
                    return 0;
                case SerialUapi.SetSerial when HasLowLatency:
                    _serialFlags = SerialUapi.FlagsOf(argument);
                    return 0;
                case GetTermios when _termios is not null:
                    _termios.CopyTo(argument);
                    return 0;
                case SetTermios:
                    _termios = argument.ToArray();
                    Span<byte> speed = _termios.AsSpan(OutputSpeedOffset);
                    BinaryPrimitives.WriteUInt32LittleEndian(speed, Round(BinaryPrimitives.ReadUInt32LittleEndian(speed)));
                    return _kernel!.Control(request, argument);
                default:
                    return _kernel!.Control(request, argument);
            }
        }
    }

    public int Control(uint request, nint argument)
    {
        if (request is not (SerialUapi.BeginBreak or SerialUapi.EndBreak))
            return _kernel!.Control(request, argument);
        IsBreaking = request == SerialUapi.BeginBreak;
        BreaksBegun += IsBreaking ? 1 : 0;
        return 0;
    }

    public int Block(uint request, nint argument)
    {
        byte[] answer = new byte[1];
        Interlocked.Increment(ref _sleeps);
        nint count = NativeCalls.ReadOnce(_wakes.First, answer, 1);
        return count < 0 ? -Marshal.GetLastPInvokeError() : -answer[0];
    }

    public void Dispose()
    {
        _ = NativeCalls.Close(_wakes.First);
        _ = NativeCalls.Close(_wakes.Second);
    }
}
