using System.Numerics;
using Sprig.Cli.Serial;
using Xunit;

namespace Sprig.Cli.Tests.Serial;

public class PatternCheckerTests
{
    private const int Length = 20_000;
    private static readonly Pattern s_pattern = new(7);

    [Fact]
    public void A_pattern_is_told_by_its_seed_and_has_all_bytes()
    {
        byte[] bytes = Sent();
        Assert.Equal(bytes[1000..1100], Enumerable.Range(1000, 100).Select(place => new Pattern(7)[place]));
        Assert.NotEqual(bytes[..100], Enumerable.Range(0, 100).Select(place => new Pattern(8)[place]));
        Assert.Equal(256, bytes.Distinct().Count());
        int ones = bytes.Sum(one => BitOperations.PopCount(one));
        Assert.InRange(ones, Length * 4 * 0.98, Length * 4 * 1.02);
    }

    [Fact]
    public void What_comes_back_as_it_was_is_right()
    {
        PatternChecker checker = Check(Sent());
        Assert.True(checker.IsClean);
        Assert.Equal((Length, Length, 0, 0), (checker.Right, checker.Received, checker.Lost, checker.Extra));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(5000, 1)]
    [InlineData(5000, 3)]
    [InlineData(5000, 1000)]
    [InlineData(0, 15_000)]
    [InlineData(Length - 1, 1)]
    [InlineData(Length - 3, 2)]
    [InlineData(Length - 100, 100)]
    [InlineData(0, Length)]
    public void Lost_bytes_are_lost_and_nothing_else(int place, int count)
    {
        List<byte> bytes = [.. Sent()];
        bytes.RemoveRange(place, count);
        PatternChecker checker = Check([.. bytes]);
        Assert.Equal((count, 0, 0, 0), (checker.Lost, checker.Extra, checker.Wrong, checker.BitErrors));
        Assert.Equal(Length - count, checker.Right);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(5000, 1)]
    [InlineData(5000, 60)]
    [InlineData(Length, 5)]
    public void Bytes_that_came_in_between_are_extra_and_nothing_else(int place, int count)
    {
        List<byte> bytes = [.. Sent()];
        // None that is right at its place by chance.
        bytes.InsertRange(place, Enumerable.Repeat((byte)~s_pattern[place], count));
        PatternChecker checker = Check([.. bytes]);
        Assert.Equal((0, count, 0), (checker.Lost, checker.Extra, checker.BitErrors));
        Assert.Equal(Length, checker.Right);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7000)]
    [InlineData(Length - 1)]
    public void A_bit_that_was_turned_is_one_bit_error(int place)
    {
        byte[] bytes = Sent();
        bytes[place] ^= 0x10;
        PatternChecker checker = Check(bytes);
        Assert.Equal((1, 1, 0, 0), (checker.BitErrors, checker.Wrong, checker.Lost, checker.Extra));
    }

    [Fact]
    public void A_burst_is_as_many_bit_errors_as_it_turned()
    {
        byte[] bytes = Sent();
        for (int i = 100; i < 120; i++)
            bytes[i] ^= 0x81;
        PatternChecker checker = Check(bytes);
        Assert.Equal((40, 20, 0, 0), (checker.BitErrors, checker.Wrong, checker.Lost, checker.Extra));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void On_a_noisy_line_each_kind_is_counted_for_itself(int seed)
    {
        Random random = new(seed);
        List<byte> bytes = [];
        int lost = 0, turned = 0, extra = 0;
        int calm = 0;
        foreach (byte one in Sent())
        {
            // Each at some distance from the next: what is right between two tells them apart.
            int what = calm++ > 12 ? random.Next(100) : 100;
            if (what < 3)
                calm = 0;
            if (what == 0)
            {
                lost++;
                continue;
            }

            turned += what == 1 ? 1 : 0;
            bytes.Add(what == 1 ? (byte)(one ^ (1 << random.Next(8))) : one);
            if (what == 2)
            {
                bytes.Add((byte)random.Next(256));
                extra++;
            }
        }

        PatternChecker checker = Check([.. bytes], piece: 37);
        Assert.Equal((lost, turned, extra), (checker.Lost, checker.BitErrors, checker.Extra));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void On_a_very_noisy_line_events_that_meet_are_hardly_taken_for_others(int seed)
    {
        Random random = new(seed);
        List<byte> bytes = [];
        int lost = 0, turned = 0, extra = 0;
        foreach (byte one in Sent())
        {
            int what = random.Next(100);
            if (what == 0)
            {
                lost++;
                continue;
            }

            turned += what == 1 ? 1 : 0;
            bytes.Add(what == 1 ? (byte)(one ^ (1 << random.Next(8))) : one);
            if (what == 2)
            {
                bytes.Add((byte)random.Next(256));
                extra++;
            }
        }

        PatternChecker checker = Check([.. bytes]);
        Assert.InRange(checker.Lost, lost * 0.95, lost * 1.05);
        Assert.InRange(checker.Extra, extra * 0.95, extra * 1.05);
        Assert.InRange(checker.BitErrors, turned * 0.95, turned * 1.1);
    }

    [Fact]
    public void Of_mere_noise_every_byte_is_accounted_for()
    {
        byte[] bytes = new byte[3000];
        new Random(1).NextBytes(bytes);
        PatternChecker checker = Check(bytes);
        Assert.Equal(bytes.Length, checker.Right + checker.Wrong + checker.Extra);
        Assert.Equal(Length, checker.Right + checker.Wrong + checker.Lost);
        Assert.True(checker.BitErrors > 3000);
    }

    [Fact]
    public void What_was_never_sent_is_extra()
    {
        PatternChecker checker = new(s_pattern);
        checker.Add("noise"u8);
        checker.Finish();
        Assert.Equal((5, 0), (checker.Extra, checker.Lost));
    }

    private static byte[] Sent()
    {
        byte[] bytes = new byte[Length];
        s_pattern.Fill(0, bytes);
        return bytes;
    }

    private static PatternChecker Check(byte[] received, int piece = 256)
    {
        PatternChecker checker = new(s_pattern) { Sent = Length };
        foreach (byte[] part in received.Chunk(piece))
            checker.Add(part);
        checker.Finish();
        return checker;
    }
}
