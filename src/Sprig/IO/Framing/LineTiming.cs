namespace Sprig.IO.Framing;

/// <summary>How long a serial line takes for what it carries: for the gaps that end frames.</summary>
public static class LineTiming
{
    /// <summary>The time of so many characters, rounded up to 100 ns.</summary>
    /// <param name="count">How many; may be broken, as in "3.5 characters".</param>
    /// <param name="baudRate">Bits a second.</param>
    /// <param name="dataBits">Of a character.</param>
    /// <param name="hasParity">Whether there is a parity bit.</param>
    /// <param name="stopBits">1, 1.5 or 2.</param>
    public static TimeSpan Characters(double count, int baudRate, int dataBits = 8, bool hasParity = false, double stopBits = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dataBits);
        ArgumentOutOfRangeException.ThrowIfNegative(stopBits);
        return Bits(count * (1 + dataBits + (hasParity ? 1 : 0) + stopBits), baudRate);
    }

    /// <summary>The time of so many bits, rounded up to 100 ns.</summary>
    public static TimeSpan Bits(double count, int baudRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(baudRate);
        return TimeSpan.FromTicks((long)Math.Ceiling(count * TimeSpan.TicksPerSecond / baudRate));
    }

    /// <summary>The silence between two frames of Modbus RTU (t3.5): 3.5 characters of 11 bits; above 19200 baud 1.75 ms, as the
    /// specification advises.</summary>
    public static TimeSpan ModbusGap(int baudRate) => baudRate > 19_200 ? TimeSpan.FromMicroseconds(1750) : Bits(3.5 * 11, baudRate);
}
