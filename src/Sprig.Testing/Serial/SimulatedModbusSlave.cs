using System.Runtime.InteropServices;
using Sprig.IO.Framing;
using Sprig.Scheduling;
using Sprig.Supervision;
using Sprig.Synchronization;

namespace Sprig.Testing.Serial;

/// <summary>Modbus RTU slaves on a serial line: one or several units on one bus, each with its tables and its ways to fail.</summary>
/// <remarks>Loop thread only. It owns the reading of its line, usually a <see cref="VirtualSerial"/>; it does not close it. What is
/// garbled, or for units that it does not have, it passes over, as slaves do.</remarks>
/// <example><code>
/// SimulatedModbusSlave slave = new(device, 1, 2);
/// slave[1].InputRegisters[0] = 215;
/// slave[2].BeSilentFor(3);
/// _ = Coroutine.Spawn(slave.RunAsync, new SpawnOptions { Daemon = DaemonRule.UntilWorkEnds });
/// </code></example>
public sealed class SimulatedModbusSlave
{
    private const int LongestFrame = 256;
    private static readonly TimeSpan s_gap = TimeSpan.FromMilliseconds(20);

    private readonly Stream _line;
    private readonly Dictionary<byte, SimulatedModbusUnit> _units = [];
    private readonly List<byte> _received = [];
    private readonly AsyncLock _writing = new("the line of a simulated Modbus slave");

    /// <summary>Units on a line.</summary>
    /// <param name="line">Their end of it.</param>
    /// <param name="units">Their numbers, 1 to 247; 1 unless given.</param>
    public SimulatedModbusSlave(Stream line, params ReadOnlySpan<byte> units)
    {
        ArgumentNullException.ThrowIfNull(line);
        _line = line;
        foreach (byte unit in units.IsEmpty ? [1] : units)
        {
            if (unit is 0 or > 247)
                throw new ArgumentOutOfRangeException(nameof(units), unit, "A unit has a number from 1 to 247; 0 is for all.");
            _units.Add(unit, new SimulatedModbusUnit(this, unit));
        }
    }

    /// <summary>How many entries each table has: 1 to 65536, and so many unless set.</summary>
    public int TableSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 65_536);
            field = value;
        }
    } = 65_536;

    /// <summary>One of its units.</summary>
    /// <exception cref="KeyNotFoundException">It has none with that number.</exception>
    public SimulatedModbusUnit this[byte unit] => _units[unit];

    /// <summary>Whole requests for units that it does not have.</summary>
    public long ForOthers { get; private set; }

    /// <summary>Bytes that were part of no request.</summary>
    public long GarbledBytes { get; private set; }

    /// <summary>Answers until it is killed or its line ends: the body of a coroutine, usually a daemon.</summary>
    /// <exception cref="IOException">The line failed; a <see cref="VirtualSerial"/> does not.</exception>
    public Task RunAsync() => CoroutineScope.RunAsync(ListenAsync);

    private async Task ListenAsync(CoroutineScope scope)
    {
        byte[] chunk = new byte[LongestFrame];
        try
        {
            while (true)
            {
                int count = 0;
                // A frame ends with a silence too: half of one that is not continued is none.
                TimeSpan patience = _received.Count > 0 ? s_gap : Timeout.InfiniteTimeSpan;
                if (!await Deadline.TryRunAsync(patience, async () => count = await _line.ReadAsync(chunk)))
                {
                    Drop(_received.Count);
                    continue;
                }

                if (count == 0)
                    return;
                _received.AddRange(chunk.AsSpan(0, count));
                while (Take() is { } frame)
                    Execute(frame, scope);
            }
        }
        catch (ObjectDisposedException)
        {
            // Unplugged for good.
        }
    }

    private void Execute(byte[] frame, CoroutineScope scope)
    {
        byte[] request = frame[1..^2];
        if (frame[0] == 0)
        {
            foreach (SimulatedModbusUnit unit in _units.Values)
            {
                SimulatedModbusPdu.Execute(unit, request);
                unit.Broadcasts++;
            }
        }
        else if (_units.TryGetValue(frame[0], out SimulatedModbusUnit? unit))
        {
            // Each by itself: one that takes long keeps the others from nothing.
            _ = scope.Spawn(() => AnswerAsync(unit, request));
        }
        else
        {
            ForOthers++;
        }
    }

    private async Task AnswerAsync(SimulatedModbusUnit unit, byte[] request)
    {
        try
        {
            using (await unit.Turn.AcquireAsync())
                await unit.AnswerAsync(WriteAsync, request);
        }
        catch (ObjectDisposedException)
        {
            // Unplugged for good.
        }
    }

    private async Task WriteAsync(byte[] frame)
    {
        using (await _writing.AcquireAsync())
            await _line.WriteAsync(frame);
    }

    /// <summary>Takes the next request out of what was received, wherever it begins; null where it holds none that is whole.</summary>
    private byte[]? Take()
    {
        ReadOnlySpan<byte> received = CollectionsMarshal.AsSpan(_received);
        for (int at = 0; at + 4 <= received.Length; at++)
        {
            if (LengthOf(received[at..]) is { } length && at + length <= received.Length && IsWhole(received.Slice(at, length)))
            {
                Drop(at);
                return TakeFirst(length);
            }
        }

        // A function that it does not know has a length that it does not know: its frame is what came at once.
        return received.Length >= 4 && LengthOf(received) is null && IsWhole(received) ? TakeFirst(received.Length) : null;
    }

    private byte[] TakeFirst(int length)
    {
        byte[] frame = [.. _received[..length]];
        _received.RemoveRange(0, length);
        return frame;
    }

    private void Drop(int count)
    {
        GarbledBytes += count;
        _received.RemoveRange(0, count);
    }

    private static int? LengthOf(ReadOnlySpan<byte> request) => request[1] switch
    {
        >= 1 and <= 6 => 8,
        15 or 16 => request.Length > 6 ? 9 + request[6] : 9,
        23 => request.Length > 10 ? 13 + request[10] : 13,
        _ => null,
    };

    private static bool IsWhole(ReadOnlySpan<byte> frame)
        => Crc16.Modbus.Compute(frame[..^2]) == (frame[^2] | (frame[^1] << 8));
}
