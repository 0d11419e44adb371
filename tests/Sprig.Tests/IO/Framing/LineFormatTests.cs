using System.Text;
using Sprig.IO.Framing;
using Xunit;

namespace Sprig.Tests.IO.Framing;

public class LineFormatTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("one", new[] { "one" })]
    [InlineData("one\r\ntwo", new[] { "one", "two" })]
    [InlineData("one\n\ntwo\r\n\r\n", new[] { "one", "", "two", "" })]
    [InlineData("a\rb\n\r\n", new[] { "a\rb", "" })]
    [InlineData("last\r", new[] { "last" })]
    public async Task Lines_are_those_of_LineReader(string text, string[] expected)
    {
        (List<byte[]> lines, FrameCounts counts) = await FrameTest.Decode(FrameFormat.Lines(), Encoding.ASCII.GetBytes(text));
        Assert.Equal(expected, lines.Select(Encoding.ASCII.GetString));
        Assert.Equal(0, counts.Faults);
    }

    [Fact]
    public async Task The_longest_line_may_have_its_end_beside_it_and_a_longer_one_is_dropped()
    {
        (List<byte[]> lines, FrameCounts counts) = await FrameTest.Decode(
            FrameFormat.Lines(maxLength: 4), "1234\r\n1234\n12345\n12345\r\n1234\r\r\n123456789\nok\n12345"u8.ToArray());
        Assert.Equal(["1234", "1234", "ok"], lines.Select(Encoding.ASCII.GetString));
        Assert.Equal(5, counts.TooLong);
    }

    [Fact]
    public void Lines_are_written_with_LF_or_CR_LF()
    {
        Assert.Equal("a\nb\n"u8.ToArray(), FrameTest.Encode(FrameFormat.Lines(), "a"u8.ToArray(), "b"u8.ToArray()));
        Assert.Equal("a\r\n\r\n"u8.ToArray(), FrameTest.Encode(FrameFormat.Lines(crLf: true), "a"u8.ToArray(), []));
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\r")]
    public void What_would_not_come_back_is_refused(string line)
        => Assert.Throws<ArgumentException>(() => FrameTest.Encode(FrameFormat.Lines(), Encoding.ASCII.GetBytes(line)));
}
