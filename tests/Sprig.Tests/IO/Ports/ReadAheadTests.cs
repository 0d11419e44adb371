using Sprig.IO.Ports;
using Xunit;

namespace Sprig.Tests.IO.Ports;

public class ReadAheadTests
{
    [Fact]
    public void Bytes_come_out_as_they_went_in_however_it_grows_and_moves()
    {
        Random random = new(1);
        ReadAhead ahead = new(16);
        byte next = 0, expected = 0;
        byte[] taken = new byte[64];
        for (int i = 0; i < 10_000; i++)
        {
            int wanted = random.Next(1, 40);
            Span<byte> room = ahead.Room(wanted);
            Assert.True(room.Length >= wanted);
            int count = random.Next(0, wanted + 1);
            for (int k = 0; k < count; k++)
                room[k] = next++;
            ahead.Add(count);
            int before = ahead.Count;
            int got = ahead.Take(taken.AsSpan(0, random.Next(0, 64)));
            Assert.Equal(before - got, ahead.Count);
            for (int k = 0; k < got; k++)
                Assert.Equal(expected++, taken[k]);
        }

        ahead.Clear();
        Assert.Equal(0, ahead.Count);
        Assert.True(ahead.Unread.IsEmpty);
    }

    [Fact]
    public void What_came_before_the_cut_is_taken_by_itself_however_it_moves()
    {
        ReadAhead ahead = new(16);
        Put(ahead, "abcdefgh");
        ahead.Skip(5);
        ahead.Cut();
        Assert.True(ahead.IsCut);
        Put(ahead, "ABCDEFGHIJKL");
        Assert.Equal("fgh"u8.ToArray(), ahead.First.ToArray());
        byte[] taken = new byte[32];
        Assert.Equal(2, ahead.Take(taken.AsSpan(0, 2)));
        Assert.Equal(1, ahead.Take(taken));
        Assert.False(ahead.IsCut);
        Assert.Equal("ABCDEFGHIJKL"u8.ToArray(), ahead.First.ToArray());
        Assert.Equal(12, ahead.Take(taken));
        ahead.Cut();
        Assert.False(ahead.IsCut);
        Put(ahead, "x");
        Assert.False(ahead.IsCut);
        ahead.Cut();
        ahead.Clear();
        Assert.False(ahead.IsCut);
    }

    private static void Put(ReadAhead ahead, string text)
    {
        System.Text.Encoding.ASCII.GetBytes(text, ahead.Room(text.Length));
        ahead.Add(text.Length);
    }
}
