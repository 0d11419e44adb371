using System.Diagnostics;
using System.Text;
using Sprig.Testing;

namespace Sprig.Devices.Tests.Bindings.Chips;

/// <summary>An HD44780U after the data sheet ADE-207-272, wired with four data lines: it takes what stands at RS and D4 to D7
/// when E falls, begins with an 8-bit interface, and goes over to nibbles when it is told to (figure 24).</summary>
internal sealed class Hd44780Chip
{
    private static readonly TimeSpan s_executionTime = TimeSpan.FromMicroseconds(37);
    private readonly SimulatedBoard _board;
    private readonly int _rs, _enable;
    private readonly int[] _data;
    private readonly byte[] _displayRam = new byte[128];
    private readonly byte[] _characterRam = new byte[64];
    private bool _isNibbles, _writesCharacters, _increments = true;
    private int? _highNibble;
    private int _address;
    private long _busyUntil;

    internal Hd44780Chip(SimulatedBoard board, int rs, int enable, int[] data)
    {
        (_board, _rs, _enable, _data) = (board, rs, enable, data);
        Array.Fill(_displayRam, (byte)' ');
        board.Changed += change =>
        {
            if (change.Line == _enable && !change.Level)
                Latch();
        };
    }

    internal bool IsOn { get; private set; }

    internal bool HasTwoLines { get; private set; }

    /// <summary>How many instructions came before the one before them was executed: a real display loses them.</summary>
    internal int Early { get; private set; }

    /// <summary>The threads that have spoken to it.</summary>
    internal HashSet<int> Threads { get; } = [];

    /// <summary>What a row shows.</summary>
    internal string Row(int row, int width = 16) => Encoding.ASCII.GetString(_displayRam, row * 0x40, width);

    internal byte[] Character(int location) => _characterRam[(location * 8)..(location * 8 + 8)];

    private void Latch()
    {
        Threads.Add(Environment.CurrentManagedThreadId);
        int nibble = 0;
        for (int i = 0; i < _data.Length; i++)
            nibble |= (_board[_data[i]] ? 1 : 0) << i;
        if (!_isNibbles)
        {
            Execute(nibble << 4);
        }
        else if (_highNibble is null)
        {
            _highNibble = nibble;
            if (Stopwatch.GetTimestamp() < _busyUntil)
                Early++;
        }
        else
        {
            int value = _highNibble.Value << 4 | nibble;
            _highNibble = null;
            if (_board[_rs])
                Store((byte)value);
            else
                Execute(value);
            _busyUntil = Stopwatch.GetTimestamp() + (long)(s_executionTime.TotalSeconds * Stopwatch.Frequency);
        }
    }

    private void Store(byte value)
    {
        if (_writesCharacters)
            _characterRam[_address & 0x3F] = value;
        else
            _displayRam[_address & 0x7F] = value;
        _address += _increments ? 1 : -1;
    }

    /// <summary>Table 6, by the highest bit that is set.</summary>
    private void Execute(int value)
    {
        switch (value)
        {
            case >= 0x80:
                (_address, _writesCharacters) = (value & 0x7F, false);
                break;
            case >= 0x40:
                (_address, _writesCharacters) = (value & 0x3F, true);
                break;
            case >= 0x20:
                _isNibbles = (value & 0x10) == 0;
                HasTwoLines = (value & 0x08) != 0;
                break;
            case >= 0x10:
                break;
            case >= 0x08:
                IsOn = (value & 0x04) != 0;
                break;
            case >= 0x04:
                _increments = (value & 0x02) != 0;
                break;
            case >= 0x02:
                (_address, _writesCharacters) = (0, false);
                break;
            case 0x01:
                Array.Fill(_displayRam, (byte)' ');
                (_address, _writesCharacters, _increments) = (0, false, true);
                break;
        }
    }
}
