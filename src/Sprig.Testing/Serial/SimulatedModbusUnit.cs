using Sprig.IO.Framing;
using Sprig.Synchronization;

namespace Sprig.Testing.Serial;

/// <summary>One unit of a <see cref="SimulatedModbusSlave"/>: its four tables, which a test reads and writes as arrays, and how it
/// answers.</summary>
/// <remarks>Loop thread only. An address beyond a table is answered by exception 2, a count that the protocol forbids by 3, an unknown
/// function by 1.</remarks>
public sealed class SimulatedModbusUnit : SimulatedAnswers
{
    private readonly Queue<byte> _exceptions = [];

    private readonly SimulatedModbusSlave _slave;

    internal SimulatedModbusUnit(SimulatedModbusSlave slave, byte number)
    {
        _slave = slave;
        Number = number;
        Turn = new AsyncLock($"simulated Modbus unit {number}");
    }

    /// <summary>1 to 247.</summary>
    public byte Number { get; }

    /// <summary>Bits that a master reads and writes.</summary>
    public bool[] Coils => field ??= new bool[_slave.TableSize];

    /// <summary>Bits that a master reads.</summary>
    public bool[] DiscreteInputs => field ??= new bool[_slave.TableSize];

    /// <summary>Registers that a master reads and writes.</summary>
    public ushort[] HoldingRegisters => field ??= new ushort[_slave.TableSize];

    /// <summary>Registers that a master reads.</summary>
    public ushort[] InputRegisters => field ??= new ushort[_slave.TableSize];

    /// <summary>Broadcasts that it took.</summary>
    public long Broadcasts { get; internal set; }

    /// <summary>The next requests are refused by this exception, and nothing is done.</summary>
    /// <param name="code">As 4: the device failed; 6: it is busy.</param>
    /// <param name="requests">How many.</param>
    public void RefuseFor(int requests, byte code)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(requests);
        ArgumentOutOfRangeException.ThrowIfZero(code);
        _exceptions.Clear();
        for (int i = 0; i < requests; i++)
            _exceptions.Enqueue(code);
    }

    /// <summary>"unit 5".</summary>
    public override string ToString() => $"unit {Number}";

    /// <summary>It answers one request after the other.</summary>
    internal AsyncLock Turn { get; }

    internal Task AnswerAsync(Func<byte[], Task> write, byte[] request) => AnswerAsync(write, () =>
    {
        byte[] answer = _exceptions.TryDequeue(out byte code)
            ? SimulatedModbusPdu.Exception(request, code) : SimulatedModbusPdu.Execute(this, request);
        byte[] frame = [Number, .. answer, 0, 0];
        Crc16.Modbus.Write(frame.AsSpan(0, frame.Length - 2), frame.AsSpan(frame.Length - 2));
        return frame;
    });
}
