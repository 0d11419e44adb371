using System.Globalization;
using System.Text;

namespace Sprig.Cli.Serial;

/// <summary>Received bytes as text that a terminal may be shown: what would move its cursor, colour it or turn its lines round is written out,
/// as \e or \x07, and bytes that are no UTF-8 as \xFF.</summary>
internal static class VisibleText
{
    internal static string Of(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length);
        Append(text, bytes);
        return text.ToString();
    }

    internal static void Append(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) != System.Buffers.OperationStatus.Done)
            {
                foreach (byte one in bytes[..length])
                    text.Append(CultureInfo.InvariantCulture, $"\\x{one:X2}");
            }
            else if (rune.Value < 0x7F)
            {
                AppendAscii(text, (char)rune.Value);
            }
            else if (IsShown(Rune.GetUnicodeCategory(rune)))
            {
                text.Append(rune);
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}");
            }

            bytes = bytes[length..];
        }
    }

    private static void AppendAscii(StringBuilder text, char character)
    {
        _ = character switch
        {
            '\\' => text.Append(@"\\"),
            '\0' => text.Append(@"\0"),
            '\e' => text.Append(@"\e"),
            '\t' => text.Append(@"\t"),
            '\r' => text.Append(@"\r"),
            '\n' => text.Append(@"\n"),
            < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\x{(int)character:X2}"),
            _ => text.Append(character),
        };
    }

    // Controls of 8 bits are a terminal's as well; a mark that joins would sit on what we have written before it.
    private static bool IsShown(UnicodeCategory category) => category is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark);
}
