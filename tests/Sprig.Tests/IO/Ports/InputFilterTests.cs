using Sprig.IO.Ports;
using Xunit;

namespace Sprig.Tests.IO.Ports;

public class InputFilterTests
{
    [Theory]
    [InlineData("0102", "0102")]
    [InlineData("01FFFF02", "01FF02")]
    [InlineData("01FF004102", "013F02")]
    [InlineData("FF0000", "3F")]
    [InlineData("FFFFFF0041FFFF", "FF3FFF")]
    public void Marks_are_resolved_wherever_they_are_cut(string marked, string expected)
    {
        byte[] bytes = Convert.FromHexString(marked);
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            InputFilter filter = new(resolvesMarks: true, (byte)'?', dropsNull: false);
            byte[] copy = [.. bytes];
            int first = filter.Apply(copy.AsSpan(0, cut));
            int second = filter.Apply(copy.AsSpan(cut));
            Assert.Equal(expected, Convert.ToHexString(copy, 0, first) + Convert.ToHexString(copy, cut, second));
        }
    }

    [Fact]
    public void NULs_are_dropped_and_marks_left_alone_where_there_are_none()
    {
        byte[] bytes = [0, 1, 0xFF, 0, 2, 0];
        int count = new InputFilter(resolvesMarks: false, 0, dropsNull: true).Apply(bytes);
        Assert.Equal(new byte[] { 1, 0xFF, 2 }, bytes[..count]);
    }
}
