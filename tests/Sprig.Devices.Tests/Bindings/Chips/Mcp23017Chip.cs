using Sprig.Testing.Buses;

namespace Sprig.Devices.Tests.Bindings.Chips;

/// <summary>An MCP23017 after the data sheet DS20001952C, with IOCON.BANK = 0: two ports whose registers alternate, interrupts on
/// change or on a difference from DEFVAL (section 3.6), INTA and INTB active low, cleared by reading GPIO or INTCAP.</summary>
internal sealed class Mcp23017Chip : RegisterDevice
{
    private const int Iodir = 0x00, Ipol = 0x02, Gpinten = 0x04, Defval = 0x06, Intcon = 0x08, Iocon = 0x0A, Gppu = 0x0C, Intf = 0x0E, Intcap = 0x10,
        Gpio = 0x12, Olat = 0x14;

    private readonly Lock _lock = new();
    private readonly int[] _outside = new int[2];
    private readonly int[] _driven = new int[2];
    private readonly int[] _seen = new int[2];
    private readonly bool[] _asserted = new bool[2];

    internal Mcp23017Chip()
    {
        Load(Iodir, 0xFF, 0xFF);
        MakeReadOnly(Intf, 4);
        for (int i = 0; i < 2; i++)
        {
            int port = i;
            WhenWritten(Gpio + port, value =>
            {
                this[Olat + port] = value;
                Update(port);
            });
            foreach (int register in (ReadOnlySpan<int>)[Iodir, Gpinten, Defval, Intcon, Gppu, Olat])
                WhenWritten(register + port, _ => Update(port));
            WhenWritten(Iocon + port, value => this[Iocon + 1 - port] = value);
            WhenRead(Gpio + port, () => Clear(port, Pins(port) ^ this[Ipol + port]));
            WhenRead(Intcap + port, () => Clear(port, this[Intcap + port]));
        }
    }

    /// <summary>Hears the levels of INTA (0) and INTB (1), from the thread that has caused them.</summary>
    internal Action<int, bool>? Interrupt { get; set; }

    /// <summary>The level that a pin has, as a meter would show it.</summary>
    internal bool LevelOf(int pin)
    {
        lock (_lock)
            return (Pins(pin / 8) >> (pin % 8) & 1) == 1;
    }

    /// <summary>Drives a pin from outside, as a button does. Any thread.</summary>
    internal void Drive(int pin, bool level)
    {
        int port = pin / 8, bit = 1 << (pin % 8);
        lock (_lock)
        {
            _driven[port] |= bit;
            _outside[port] = level ? _outside[port] | bit : _outside[port] & ~bit;
        }

        Update(port);
    }

    private int Pins(int port)
    {
        int inputs = this[Iodir + port];
        int resting = _outside[port] & _driven[port] | this[Gppu + port] & ~_driven[port];
        return (resting & inputs | this[Olat + port] & ~inputs) & 0xFF;
    }

    private void Update(int port)
    {
        bool asserts;
        lock (_lock)
        {
            int pins = Pins(port), enabled = this[Gpinten + port] & this[Iodir + port], compared = this[Intcon + port];
            int causes = enabled & ((pins ^ this[Defval + port]) & compared | (pins ^ _seen[port]) & ~compared);
            _seen[port] = pins;
            asserts = causes != 0 && !_asserted[port];
            if (asserts)
            {
                _asserted[port] = true;
                this[Intf + port] = causes;
                this[Intcap + port] = pins ^ this[Ipol + port];
            }
        }

        if (asserts)
            Interrupt?.Invoke(port, false);
    }

    private int Clear(int port, int value)
    {
        bool cleared;
        lock (_lock)
        {
            int differing = (Pins(port) ^ this[Defval + port]) & this[Intcon + port] & this[Gpinten + port] & this[Iodir + port];
            // Section 3.6.5: compared with DEFVAL the interrupt remains as long as the pin differs, regardless of who reads.
            cleared = _asserted[port] && differing == 0;
            if (cleared)
            {
                _asserted[port] = false;
                this[Intf + port] = 0;
            }
        }

        if (cleared)
            Interrupt?.Invoke(port, true);
        return value;
    }
}
