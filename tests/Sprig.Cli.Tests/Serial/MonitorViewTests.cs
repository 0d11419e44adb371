using Sprig.Cli.Serial;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Cli.Tests.Serial;

public class MonitorViewTests
{
    private static readonly MonotonicTime s_start = new(5_000_000_000);

    [Fact]
    public void Text_is_shown_by_lines_whatever_the_reads_give()
    {
        MonitorView view = new(ViewKind.Text, StampKind.None, s_start);
        view.Add("one\r\ntw"u8, s_start);
        Assert.Equal("one\n", view.Take());
        Assert.True(view.HasOpenRow);
        view.Add("o\n\nthree"u8, s_start);
        Assert.Equal("two\n\n", view.Take());
        view.EndRow();
        Assert.Equal("three\\\n", view.Take());
        Assert.False(view.HasOpenRow);
        view.EndRow();
        Assert.Equal("", view.Take());
    }

    [Fact]
    public void A_carriage_return_that_ends_nothing_is_seen()
    {
        MonitorView view = new(ViewKind.Text, StampKind.None, s_start);
        view.Add("10 %\r20 %\r\r\n"u8, s_start);
        Assert.Equal(@"10 %\r20 %\r" + "\n", view.Take());
    }

    [Fact]
    public void A_line_without_an_end_is_shown_in_pieces()
    {
        MonitorView view = new(ViewKind.Text, StampKind.None, s_start);
        view.Add(Enumerable.Repeat((byte)'x', MonitorView.LongestLine + 3).ToArray(), s_start);
        Assert.Equal(new string('x', MonitorView.LongestLine) + "\\\n", view.Take());
        view.Add("\n"u8, s_start);
        Assert.Equal("xxx\n", view.Take());
    }

    [Fact]
    public void Hex_is_shown_as_hexdump_does()
    {
        MonitorView view = new(ViewKind.Hex, StampKind.None, s_start);
        view.Add("SCD30 v2\r\n\0\xFF ABCDEF~"u8, s_start);
        view.Add([0x7F], s_start);
        view.EndRow();
        Assert.Equal(
            "00000000  53 43 44 33 30 20 76 32  0d 0a 00 c3 bf 20 41 42  |SCD30 v2..... AB|\n"
            + "00000010  43 44 45 46 7e 7f                                 |CDEF~.|\n",
            view.Take());
    }

    [Fact]
    public void A_row_that_was_cut_goes_on_at_its_place()
    {
        MonitorView view = new(ViewKind.Hex, StampKind.None, s_start);
        view.Add("abc"u8, s_start);
        view.EndRow();
        view.Add("def"u8, s_start);
        view.EndRow();
        Assert.EndsWith("00000003  64 65 66                                          |def|\n", view.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public void Both_shows_a_line_and_its_bytes_below_it()
    {
        MonitorView view = new(ViewKind.Both, StampKind.None, s_start);
        view.Add("0123456789abcdef\r\nx\n"u8, s_start);
        Assert.Equal(
            "0123456789abcdef\n"
            + "00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n"
            + "00000010  0d 0a                                             |..|\n"
            + "x\n"
            + "00000012  78 0a                                             |x.|\n",
            view.Take());
    }

    [Fact]
    public void A_rows_time_is_that_of_its_first_byte_since_the_start()
    {
        MonitorView view = new(ViewKind.Text, StampKind.Start, s_start);
        view.Add("a"u8, s_start + TimeSpan.FromMicroseconds(1));
        view.Add("b\nc\n"u8, s_start + TimeSpan.FromSeconds(61.5));
        Assert.Equal("0.000001  ab\n61.500000  c\n", view.Take());
    }

    [Fact]
    public void Or_since_the_row_before()
    {
        MonitorView view = new(ViewKind.Text, StampKind.Delta, s_start);
        view.Add("a\n"u8, s_start + TimeSpan.FromSeconds(1));
        view.Add("b\n"u8, s_start + TimeSpan.FromSeconds(1.25));
        view.Add("c\nd\n"u8, s_start + TimeSpan.FromSeconds(3));
        Assert.Equal("+1.000000  a\n+0.250000  b\n+1.750000  c\n+0.000000  d\n", view.Take());
    }
}
