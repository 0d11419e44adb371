using Sprig.Testing.Buses;

namespace Sprig.Devices.Tests.Bindings.Chips;

/// <summary>An SSD1306 on I2C after its data sheet, revision 1.1: control bytes (8.1.5.2), the commands of table 9 with as many
/// arguments as they have, and the display RAM of 8 pages of 128 columns with horizontal, vertical and page addressing
/// (10.1.3).</summary>
internal sealed class Ssd1306Chip : SimulatedI2cDevice
{
    private const int Columns = 128, Pages = 8;
    private readonly byte[,] _ram = new byte[Pages, Columns];
    private readonly List<byte> _command = [];
    private int _mode = 2, _column, _page, _firstColumn, _lastColumn = Columns - 1, _firstPage, _lastPage = Pages - 1;

    internal bool IsOn { get; private set; }

    internal bool IsInverse { get; private set; }

    internal bool HasChargePump { get; private set; }

    internal int Contrast { get; private set; } = 0x7F;

    internal int Rows { get; private set; } = 64;

    /// <summary>The dot in the display RAM.</summary>
    internal bool this[int x, int y] => (_ram[y / 8, x] >> (y % 8) & 1) == 1;

    internal void Fill(byte value)
    {
        for (int page = 0; page < Pages; page++)
        {
            for (int column = 0; column < Columns; column++)
                _ram[page, column] = value;
        }
    }

    protected override void OnWrite(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            (bool one, bool isData) = ((bytes[0] & 0x80) != 0, (bytes[0] & 0x40) != 0);
            ReadOnlySpan<byte> rest = bytes[1..];
            // With Co set one byte follows, then another control byte; else all that is left.
            ReadOnlySpan<byte> now = one ? rest[..Math.Min(1, rest.Length)] : rest;
            foreach (byte value in now)
            {
                if (isData)
                    Store(value);
                else
                    Command(value);
            }

            bytes = rest[now.Length..];
        }
    }

    protected override void OnRead(Span<byte> buffer) => buffer.Fill((byte)(IsOn ? 0 : 0x40));

    private void Store(byte value)
    {
        _ram[_page, _column] = value;
        if (_mode == 1)
        {
            if (_page++ != _lastPage)
                return;
            _page = _firstPage;
            _column = _column == _lastColumn ? _firstColumn : _column + 1;
        }
        else if (_mode == 2)
        {
            _column = (_column + 1) % Columns;
        }
        else
        {
            if (_column++ != _lastColumn)
                return;
            _column = _firstColumn;
            _page = _page == _lastPage ? _firstPage : _page + 1;
        }
    }

    private void Command(byte value)
    {
        _command.Add(value);
        if (_command.Count <= Arguments(_command[0]))
            return;
        Execute(_command[0], _command);
        _command.Clear();
    }

    private static int Arguments(byte command) => command switch
    {
        0x21 or 0x22 or 0xA3 => 2,
        0x20 or 0x81 or 0x8D or 0xA8 or 0xD3 or 0xD5 or 0xD9 or 0xDA or 0xDB => 1,
        0x26 or 0x27 => 6,
        0x29 or 0x2A => 5,
        _ => 0,
    };

    private void Execute(byte command, List<byte> all)
    {
        switch (command)
        {
            case <= 0x0F:
                _column = _column & 0xF0 | command;
                break;
            case <= 0x1F:
                _column = _column & 0x0F | (command & 7) << 4;
                break;
            case 0x20:
                _mode = all[1] & 3;
                break;
            case 0x21:
                (_firstColumn, _lastColumn, _column) = (all[1] & 0x7F, all[2] & 0x7F, all[1] & 0x7F);
                break;
            case 0x22:
                (_firstPage, _lastPage, _page) = (all[1] & 7, all[2] & 7, all[1] & 7);
                break;
            case 0x81:
                Contrast = all[1];
                break;
            case 0x8D:
                HasChargePump = (all[1] & 4) != 0;
                break;
            case 0xA6 or 0xA7:
                IsInverse = command == 0xA7;
                break;
            case 0xA8:
                Rows = (all[1] & 0x3F) + 1;
                break;
            case 0xAE or 0xAF:
                IsOn = command == 0xAF;
                break;
            case >= 0xB0 and <= 0xB7:
                _page = command & 7;
                break;
        }
    }
}
