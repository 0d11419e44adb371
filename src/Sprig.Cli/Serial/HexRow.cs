using System.Globalization;
using System.Text;

namespace Sprig.Cli.Serial;

/// <summary>Rows as <c>hexdump -C</c> has them: the place of the first byte, sixteen bytes in two groups, and what of them is ASCII.</summary>
internal static class HexRow
{
    internal const int Length = 16;

    /// <summary>Appends one row, without an end of line.</summary>
    /// <param name="text">What it is appended to.</param>
    /// <param name="offset">How many bytes came before.</param>
    /// <param name="bytes">1 to 16 of them.</param>
    internal static void Append(StringBuilder text, long offset, ReadOnlySpan<byte> bytes)
    {
        text.Append(CultureInfo.InvariantCulture, $"{offset:x8}");
        for (int i = 0; i < Length; i++)
        {
            if (i % 8 == 0)
                text.Append(' ');
            if (i < bytes.Length)
                text.Append(CultureInfo.InvariantCulture, $" {bytes[i]:x2}");
            else
                text.Append("   ");
        }

        text.Append("  |");
        foreach (byte one in bytes)
            text.Append(one is >= 0x20 and < 0x7F ? (char)one : '.');
        text.Append('|');
    }
}
