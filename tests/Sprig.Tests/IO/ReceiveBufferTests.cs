using Sprig.IO;
using Xunit;

namespace Sprig.Tests.IO;

public class ReceiveBufferTests
{
    [Fact]
    public void What_is_kept_lies_in_one_piece_in_front_of_the_room()
    {
        ReceiveBuffer buffer = new();
        byte next = 0;
        byte first = 0;
        for (int i = 0; i < 1000; i++)
        {
            Span<byte> room = buffer.GetRoom().Span;
            int come = Math.Min(room.Length, 1 + i * 7 % 900);
            for (int j = 0; j < come; j++)
                room[j] = next++;
            buffer.Advance(come);
            int taken = i % 5 == 0 ? buffer.Length : buffer.Length / 2;
            for (int j = 0; j < buffer.Length; j++)
                Assert.Equal((byte)(first + j), buffer.Span[j]);
            buffer.Take(taken);
            first += (byte)taken;
        }
    }

    [Fact]
    public void It_grows_to_what_comes_at_once_and_not_further()
    {
        ReceiveBuffer buffer = new();
        List<int> sizes = [];
        for (int i = 0; i < 10; i++)
        {
            int room = buffer.GetRoom().Length;
            sizes.Add(room);
            buffer.Advance(room);
            buffer.Clear();
        }

        Assert.Equal([1024, 2048, 4096, 8192, 8192], sizes[..5]);
        Assert.All(sizes[5..], size => Assert.Equal(8192, size));
    }

    [Fact]
    public void It_stays_small_where_little_comes()
    {
        ReceiveBuffer buffer = new();
        for (int i = 0; i < 1000; i++)
        {
            Assert.InRange(buffer.GetRoom().Length, 900, 1024);
            buffer.Advance(100);
            buffer.Take(i % 2 == 0 ? 50 : buffer.Length);
        }
    }

    [Fact]
    public void There_is_always_room_though_nothing_is_taken()
    {
        ReceiveBuffer buffer = new();
        for (int i = 0; i < 10; i++)
        {
            int room = buffer.GetRoom().Length;
            Assert.True(room > 0);
            buffer.Advance(room);
        }

        Assert.Equal(1024 << 9, buffer.Length);
    }
}
