using System.Text;
using Sprig.Hosting;
using Xunit;

namespace Sprig.Tests.Hosting;

public class JournalEntryTests
{
    private readonly JournalEntry _entry = new();

    [Fact]
    public void A_field_is_a_line()
    {
        _entry.AddText("MESSAGE", "läuft");
        _entry.Add("VALUE", 3.25);
        _entry.Add("COUNT", -7);
        _entry.Add("SPAN", TimeSpan.FromSeconds(1.5));
        _entry.Add("UTC", new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        _entry.Add("FLAG", true);
        _entry.Add("NOTHING", null);
        _entry.Add("TEXT", "a=b c");
        Assert.Equal("MESSAGE=läuft\nVALUE=3.25\nCOUNT=-7\nSPAN=00:00:01.5000000\nUTC=01/02/2026 03:04:05\nFLAG=True\nTEXT=a=b c\n", Encoding.UTF8.GetString(_entry.Bytes));
    }

    [Fact]
    public void A_value_with_line_breaks_and_a_binary_one_come_with_their_length()
    {
        _entry.AddText("TEXT", "ä\nb");
        _entry.Add("BYTES", new byte[] { 0, 10, 255 });
        byte[] expected = [.. "TEXT\n"u8, 4, 0, 0, 0, 0, 0, 0, 0, .. "ä\nb\n"u8, .. "BYTES\n"u8, 3, 0, 0, 0, 0, 0, 0, 0, 0, 10, 255, 10];
        Assert.Equal(expected, _entry.Bytes.ToArray());
        _entry.Clear();
        Assert.True(_entry.Bytes.IsEmpty);
    }

    [Fact]
    public void A_long_number_is_written_whole()
    {
        System.Numerics.BigInteger number = System.Numerics.BigInteger.Pow(10, 100);
        _entry.Add("N", number);
        Assert.Equal($"N={number}\n", Encoding.UTF8.GetString(_entry.Bytes));
    }

    [Theory]
    [InlineData("SENSOR")]
    [InlineData("MESSAGE_ID")]
    [InlineData("A1_")]
    public void These_are_names(string name) => JournalEntry.ThrowIfBad(name);

    [Theory]
    [InlineData("sensor", "capital letters")]
    [InlineData("_PID", "a letter first")]
    [InlineData("1ST", "a letter first")]
    [InlineData("A-B", "underscores")]
    [InlineData("Ä", "capital letters")]
    [InlineData("MESSAGE", "written with each entry already")]
    [InlineData("CODE_LINE", "written with each entry already")]
    [InlineData("X23456789_123456789_123456789_123456789_123456789_123456789_12345", "at most 64")]
    [InlineData("", "empty")]
    public void These_are_none(string name, string why)
        => Assert.Contains(why, Assert.Throws<ArgumentException>(() => JournalEntry.ThrowIfBad(name)).Message, StringComparison.Ordinal);

    [Fact]
    public void Once_it_has_grown_it_allocates_nothing_but_boxes()
    {
        object number = 12345.678;
        byte[] bytes = [1, 2, 3];
        Fill();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            Fill();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Fill()
        {
            _entry.Clear();
            _entry.AddText("MESSAGE", "a reading\nof two lines");
            _entry.Add("VALUE", number);
            _entry.Add("BYTES", bytes);
            _entry.Add("SENSOR", "gps");
        }
    }
}
