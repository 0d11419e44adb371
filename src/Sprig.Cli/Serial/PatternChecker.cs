using System.Numerics;
using System.Runtime.InteropServices;

namespace Sprig.Cli.Serial;

/// <summary>Compares what comes back with the pattern that was sent, and finds the place again where bytes were lost or came in between:
/// a byte that is missing is one lost byte, and not half of all bits wrong from there on.</summary>
internal sealed class PatternChecker(Pattern pattern)
{
    private const int Ahead = 8192;
    /// <summary>So many right bytes in a row are no chance: one in four thousand millions.</summary>
    private const int Run = 4;

    /// <summary>The most bytes that may have come in between, or been changed, in one place.</summary>
    private const int Reach = 64;
    private const int LongestLoss = 1 << 16;
    private readonly List<byte> _waiting = [];
    private readonly LocalAlignment _near = new(Run);
    private byte[] _window = [];
    private long _windowStart;
    private long _place;

    /// <summary>How many bytes of the pattern were sent: no more can come back.</summary>
    internal long Sent { get; set; }

    internal long Received { get; private set; }

    /// <summary>Bytes that came back as they were sent.</summary>
    internal long Right { get; private set; }

    /// <summary>Bytes that came back with bits changed.</summary>
    internal long Wrong { get; private set; }

    internal long BitErrors { get; private set; }

    /// <summary>Sent, and never came back.</summary>
    internal long Lost { get; private set; }

    /// <summary>Came, and were never sent.</summary>
    internal long Extra { get; private set; }

    internal bool IsClean => Wrong + Lost + Extra == 0;

    /// <summary>Takes what was received. Where it differs the judgement waits for what follows.</summary>
    internal void Add(ReadOnlySpan<byte> bytes)
    {
        Received += bytes.Length;
        _waiting.AddRange(bytes);
        Judge(isEnd: false);
    }

    /// <summary>Nothing more comes: judges what is left, and counts as lost what has not come.</summary>
    internal void Finish()
    {
        Judge(isEnd: true);
        Lost += Sent - _place;
        _place = Sent;
    }

    private void Judge(bool isEnd)
    {
        ReadOnlySpan<byte> all = CollectionsMarshal.AsSpan(_waiting);
        ReadOnlySpan<byte> bytes = all;
        while (!bytes.IsEmpty)
        {
            int taken = _place < Sent && bytes[0] == Window(_place, 1)[0] ? Compare(bytes[..1]) : Resynchronise(bytes, isEnd);
            if (taken < 0)
                break;
            bytes = bytes[taken..];
        }

        _waiting.RemoveRange(0, all.Length - bytes.Length);
    }

    /// <summary>How many bytes were judged; -1 when more have to come first.</summary>
    private int Resynchronise(ReadOnlySpan<byte> bytes, bool isEnd)
    {
        bool isEnough = isEnd || bytes.Length >= Reach + Run;
        if (!isEnough && bytes.Length <= Run)
            return -1;
        if (IsRest(bytes, isEnd, out long missing))
            return Skip(missing);
        if (bytes.Length > Run && Matches(bytes[1..], _place + 1))
            return Compare(bytes[..1]);
        if (!isEnough)
            return -1;
        if (_near.TryExplain(bytes, Window(_place, (int)Math.Min(Sent - _place, LocalAlignment.Reach + Run))))
            return TakeExplanation();
        // Much is lost, or has come in between. The nearest explanation first: so many bytes changed, and then nothing, or a loss, or
        // something in between.
        for (int changed = 0; changed + Run <= bytes.Length && changed <= Reach; changed++)
        {
            if (changed > 0 && Matches(bytes[changed..], _place + changed))
                return Compare(bytes[..changed]);
            if (FindLoss(bytes[changed..], _place + changed) is var loss and > 0)
            {
                int taken = Compare(bytes[..changed]);
                return taken + Skip(loss);
            }

            if (changed > 0 && Matches(bytes[changed..], _place))
            {
                Extra += changed;
                return changed;
            }
        }

        if (_place < Sent)
            return Compare(bytes[..1]);
        Extra++;
        return 1;
    }

    // At the end there may be too few bytes for a run: they are the pattern's last ones if they look so.
    private bool IsRest(ReadOnlySpan<byte> bytes, bool isEnd, out long missing)
    {
        missing = Sent - _place - bytes.Length;
        if (!isEnd || bytes.Length > Run || missing <= 0)
            return false;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != pattern[_place + missing + i])
                return false;
        }

        return true;
    }

    private int TakeExplanation()
    {
        Right += _near.Right;
        Wrong += _near.Wrong;
        BitErrors += _near.BitErrors;
        Lost += _near.Lost;
        Extra += _near.Extra;
        _place += _near.Right + _near.Wrong + _near.Lost;
        return _near.Right + _near.Wrong + _near.Extra;
    }

    private int Skip(long lost)
    {
        Lost += lost;
        _place += lost;
        return 0;
    }

    private int Compare(ReadOnlySpan<byte> bytes)
    {
        foreach (byte one in bytes)
        {
            int wrong = BitOperations.PopCount((uint)(one ^ pattern[_place++]));
            BitErrors += wrong;
            if (wrong == 0)
                Right++;
            else
                Wrong++;
        }

        return bytes.Length;
    }

    private long FindLoss(ReadOnlySpan<byte> bytes, long place)
    {
        int most = (int)Math.Min(Sent - place - 1, LongestLoss);
        return most < Run ? 0 : Window(place + 1, most).IndexOf(bytes[..Run]) + 1;
    }

    private bool Matches(ReadOnlySpan<byte> bytes, long place)
        => place + Run <= Sent && Window(place, Run).SequenceEqual(bytes[..Run]);

    /// <summary>The pattern from a place on. Made for more than is asked: the next question is for a place near by.</summary>
    private ReadOnlySpan<byte> Window(long place, int length)
    {
        if (place < _windowStart || place + length > _windowStart + _window.Length)
        {
            if (_window.Length < length + Ahead)
                _window = new byte[length + Ahead];
            _windowStart = place;
            pattern.Fill(place, _window);
        }

        return _window.AsSpan((int)(place - _windowStart), length);
    }
}
