using System.Globalization;
using System.Text;
using Sprig.Cli.Serial;
using Xunit;

namespace Sprig.Cli.Tests.Serial;

public class VisibleTextTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("21 °C µ ☺ 😀", "21 °C µ ☺ 😀")]
    [InlineData("a\tb\rc\nd\0", @"a\tb\rc\nd\0")]
    [InlineData("\e[31mred\e]0;title\a", @"\e[31mred\e]0;title\x07")]
    [InlineData(@"back\slash", @"back\\slash")]
    [InlineData("\u007F\u0080\u009B31m", @"\u{7F}\u{80}\u{9B}31m")]
    [InlineData("a\u202Eb\u200Fc\uFEFF", @"a\u{202E}b\u{200F}c\u{FEFF}")]
    [InlineData("\u2028e\u0301\uE000", @"\u{2028}e\u{301}\u{E000}")]
    public void What_a_terminal_would_act_on_is_written_out(string received, string shown)
        => Assert.Equal(shown, VisibleText.Of(Encoding.UTF8.GetBytes(received)));

    [Theory]
    [InlineData("FF", @"\xFF")]
    [InlineData("C3", @"\xC3")]
    [InlineData("41C328", @"A\xC3(")]
    [InlineData("E298", @"\xE2\x98")]
    [InlineData("EDA080", @"\xED\xA0\x80")]
    [InlineData("C080", @"\xC0\x80")]
    public void What_is_no_UTF_8_is_shown_byte_by_byte(string hex, string shown)
        => Assert.Equal(shown, VisibleText.Of(Convert.FromHexString(hex)));

    [Fact]
    public void No_two_bytes_whatever_give_a_control_character()
    {
        for (int pair = 0; pair <= 0xFFFF; pair++)
        {
            string shown = VisibleText.Of([(byte)(pair >> 8), (byte)pair]);
            Assert.DoesNotContain(shown, character => char.IsControl(character) || char.GetUnicodeCategory(character) == UnicodeCategory.Format);
        }
    }
}
