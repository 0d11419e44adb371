using System.Numerics;

namespace Sprig.Cli.Serial;

/// <summary>Explains what came where it differs from what was sent, by as little as possible: bits that were turned, bytes that were lost,
/// bytes that came in between, in the next few dozen bytes.</summary>
internal sealed class LocalAlignment(int run)
{
    /// <summary>How many bytes it looks at; more may be lost at once, but that is told otherwise.</summary>
    internal const int Reach = 48;

    /// <summary>What a byte too few or too many costs, a turned bit being 1. Two of them are likelier than six bits turned.</summary>
    private const int GapCost = 3;
    private const int Width = Reach + 1;
    private readonly int[] _costs = new int[Width * Width];

    internal int Right { get; private set; }

    internal int Wrong { get; private set; }

    internal int BitErrors { get; private set; }

    internal int Lost { get; private set; }

    internal int Extra { get; private set; }

    /// <summary>Finds the cheapest explanation after which so many bytes in a row are right; false when there is none.</summary>
    /// <param name="came">What was received.</param>
    /// <param name="sent">What was sent.</param>
    internal bool TryExplain(ReadOnlySpan<byte> came, ReadOnlySpan<byte> sent)
    {
        Fill(came, sent);
        int best = int.MaxValue, bestCame = 0, bestSent = 0;
        for (int i = 0; i <= Math.Min(came.Length - run, Reach); i++)
        {
            for (int j = 0; j <= Math.Min(sent.Length - run, Reach); j++)
            {
                int cost = _costs[i * Width + j];
                if (i + j > 0 && cost < best && came.Slice(i, run).SequenceEqual(sent.Slice(j, run)))
                    (best, bestCame, bestSent) = (cost, i, j);
            }
        }

        Count(came, bestCame, sent, bestSent);
        return best < int.MaxValue;
    }

    // An edit distance, as between two words.
    private void Fill(ReadOnlySpan<byte> came, ReadOnlySpan<byte> sent)
    {
        for (int i = 0; i <= Math.Min(came.Length, Reach); i++)
        {
            for (int j = 0; j <= Math.Min(sent.Length, Reach); j++)
            {
                int cost = i + j == 0 ? 0 : int.MaxValue;
                if (i > 0)
                    cost = Math.Min(cost, _costs[(i - 1) * Width + j] + GapCost);
                if (j > 0)
                    cost = Math.Min(cost, _costs[i * Width + j - 1] + GapCost);
                if (i > 0 && j > 0)
                    cost = Math.Min(cost, _costs[(i - 1) * Width + j - 1] + TurnedBits(came[i - 1], sent[j - 1]));
                _costs[i * Width + j] = cost;
            }
        }
    }

    private void Count(ReadOnlySpan<byte> came, int i, ReadOnlySpan<byte> sent, int j)
    {
        Right = Wrong = BitErrors = Lost = Extra = 0;
        while (i + j > 0)
        {
            int cost = _costs[i * Width + j];
            if (i > 0 && j > 0 && cost == _costs[(i - 1) * Width + j - 1] + TurnedBits(came[i - 1], sent[j - 1]))
            {
                int turned = TurnedBits(came[--i], sent[--j]);
                BitErrors += turned;
                if (turned == 0)
                    Right++;
                else
                    Wrong++;
            }
            else if (j > 0 && cost == _costs[i * Width + j - 1] + GapCost)
            {
                Lost++;
                j--;
            }
            else
            {
                Extra++;
                i--;
            }
        }
    }

    private static int TurnedBits(byte came, byte sent) => BitOperations.PopCount((uint)(came ^ sent));
}
