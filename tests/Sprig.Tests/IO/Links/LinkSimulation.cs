using Sprig.IO.Links;

namespace Sprig.Tests.IO.Links;

/// <summary>Two machines at the ends of a simulated line: time is a number, and the same seed gives the same run.</summary>
internal sealed class LinkSimulation
{
    private const int Room = 4096;

    /// <summary>A port's hardware hands on bytes in pieces of about this size.</summary>
    private const int Piece = 32;
    private readonly Random _random;
    private readonly byte[] _buffer = new byte[2048];
    private long _lastId = 1000;

    internal LinkSimulation(int seed, SimulatedNoise noise, LinkTerms? terms = null)
    {
        _random = new Random(seed);
        Noise = noise;
        Terms = terms ?? Usual;
        Left = new LinkPeer(NewMachine(), 1);
        Right = new LinkPeer(NewMachine(), 2);
    }

    internal static LinkTerms Usual => new(4096, 240, 30_000_000_000, long.MaxValue);

    internal SimulatedNoise Noise { get; set; }

    internal LinkTerms Terms { get; }

    internal LinkPeer Left { get; }

    internal LinkPeer Right { get; }

    internal long Now { get; private set; } = 1_000_000_000;

    /// <summary>May swallow or repeat what a side sends: (from the left, the bytes) to how often it goes out.</summary>
    internal Func<bool, byte[], int>? Copies { get; set; }

    internal LinkMachine NewMachine() => new(Terms, (uint)_lastId++, Now);

    /// <summary>Another program begins at this end.</summary>
    internal void Restart(LinkPeer peer) => peer.Machine = NewMachine();

    internal void RunUntilOpen() => RunUntil(() => Left.Machine.IsOpen && Right.Machine.IsOpen);

    /// <summary>Runs until both is so; false when nothing happens any more, or the time is over.</summary>
    internal bool RunUntil(Func<bool> done, double seconds = 3600)
    {
        long limit = Now + (long)(seconds * 1e9);
        while (Now < limit)
        {
            Step(Left, Right);
            Step(Right, Left);
            if (done())
                return true;
            long next = Math.Min(NextOf(Left), NextOf(Right));
            if (next == long.MaxValue)
                return false;
            Now = Math.Max(Now, next);
        }

        return done();
    }

    private void Step(LinkPeer from, LinkPeer to)
    {
        while (from.Arriving.TryPeek(out (long Time, byte[] Bytes) piece) && piece.Time <= Now)
        {
            from.Arriving.Dequeue();
            from.Machine.Receive(piece.Bytes, Now);
        }

        from.Work(Now, _random);
        int count;
        while (from.LineFreeAt - Now < Noise.NanosecondsOf(Room) && (count = from.Machine.Produce(_buffer, Now)) > 0)
        {
            int copies = Copies?.Invoke(from == Left, _buffer[..count]) ?? 1;
            long begin = Math.Max(Now, from.LineFreeAt);
            from.LineFreeAt = begin + copies * Noise.NanosecondsOf(count);
            for (int at = 0; at < copies * count; at += Piece)
            {
                byte[] bytes = new byte[Math.Min(Piece, copies * count - at)];
                for (int i = 0; i < bytes.Length; i++)
                    bytes[i] = _buffer[(at + i) % count];
                to.Arriving.Enqueue((begin + Noise.NanosecondsOf(at + bytes.Length) + Noise.Latency, Noise.Disturb(bytes, _random)));
            }
        }
    }

    private long NextOf(LinkPeer peer)
    {
        long next = peer.Machine.NextDue;
        if (peer.LineFreeAt - Now >= Noise.NanosecondsOf(Room))
            next = peer.LineFreeAt - Noise.NanosecondsOf(Room) + 1;
        if (peer.Arriving.TryPeek(out (long Time, byte[]) piece))
            next = Math.Min(next, piece.Time);
        return Math.Min(next, peer.NextWork(Now));
    }
}
