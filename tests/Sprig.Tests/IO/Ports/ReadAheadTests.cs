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
}
