using Sprig.IO.Links;
using Xunit;

namespace Sprig.Tests.IO.Links;

/// <summary>One end: writes bytes of which each follows from its position, and checks that those that come do too.</summary>
internal sealed class LinkPeer(LinkMachine machine, int salt)
{
    private readonly byte[] _buffer = new byte[1024];
    private long _pauseUntil;

    internal LinkMachine Machine { get; set; } = machine;

    internal Queue<(long Time, byte[] Bytes)> Arriving { get; } = new();

    internal long LineFreeAt { get; set; }

    internal long ToWrite { get; set; }

    internal bool EndsAfterwards { get; set; }

    internal long Written { get; private set; }

    internal long Read { get; private set; }

    /// <summary>Whether the other side's end was read.</summary>
    internal bool HasEnded => Machine.IsAtEnd;

    internal bool IsReading { get; set; } = true;

    /// <summary>Rests for a while between two readings.</summary>
    internal long ReadPause { get; set; }

    internal void Begin() => (Written, Read) = (0, 0);

    internal void Work(long now, Random random)
    {
        while (Written < ToWrite && Machine.Room > 0)
        {
            int count = (int)Math.Min(ToWrite - Written, random.Next(1, _buffer.Length));
            for (int i = 0; i < count; i++)
                _buffer[i] = ByteAt(Written + i, salt);
            Written += Machine.Write(_buffer.AsSpan(0, count), now);
        }

        if (EndsAfterwards && Written == ToWrite && Machine.IsOpen && !Machine.HasWrittenEnd)
            Machine.WriteEnd(now);
        while (IsReading && now >= _pauseUntil && Machine.Available > 0)
        {
            int count = Machine.Read(_buffer.AsSpan(0, random.Next(1, _buffer.Length)), out _);
            for (int i = 0; i < count; i++)
            {
                if (_buffer[i] != ByteAt(Read + i, 3 - salt))
                    Assert.Fail($"Byte {Read + i} is wrong.");
            }

            Read += count;
            _pauseUntil = now + ReadPause;
        }
    }

    internal long NextWork(long now) => IsReading && Machine.Available > 0 ? Math.Max(now, _pauseUntil) : long.MaxValue;

    private static byte ByteAt(long position, int salt) => (byte)((ulong)(position + salt) * 0x9E3779B97F4A7C15 >> 51);
}
