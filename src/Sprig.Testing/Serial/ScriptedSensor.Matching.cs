using System.Runtime.InteropServices;

namespace Sprig.Testing.Serial;

/// <content>What was received, against the script.</content>
public sealed partial class ScriptedSensor
{
    private ReadOnlySpan<byte> Received => CollectionsMarshal.AsSpan(_received);

    /// <summary>Takes the next request that the script knows out of what was received; null where it holds none yet.</summary>
    private Rule? Take()
    {
        while (_received.Count > 0)
        {
            bool mayStillCome = false;
            foreach (Rule rule in _rules)
            {
                if (rule.IsLine)
                {
                    mayStillCome |= _received.Count < LongestLine;
                }
                else if (Received.StartsWith(rule.Request))
                {
                    Drop(rule.Request.Length);
                    _isSkipping = false;
                    return rule;
                }
                else
                {
                    mayStillCome |= rule.Request.AsSpan().StartsWith(Received);
                }
            }

            if (TryTakeLine(out Rule? known))
            {
                if (known is not null)
                    return known;
                continue;
            }

            if (mayStillCome)
                return null;
            Skip();
        }

        return null;
    }

    /// <summary>Takes a line, if the script has any and one has come; null where it is an unknown one.</summary>
    private bool TryTakeLine(out Rule? rule)
    {
        rule = null;
        int end = Received.IndexOf((byte)'\n');
        if (end < 0 || !_rules.Exists(one => one.IsLine))
            return false;
        ReadOnlySpan<byte> text = Received[..end];
        if (text.EndsWith("\r"u8))
            text = text[..^1];
        foreach (Rule one in _rules)
        {
            if (one.IsLine && text.SequenceEqual(one.Request))
            {
                rule = one;
                break;
            }
        }

        // The rest of what was skipped is part of it.
        if (rule is null && !_isSkipping)
            Unknown++;
        _isSkipping = false;
        Drop(end + 1);
        return true;
    }

    // By bytes: the next request may begin anywhere.
    private void Skip()
    {
        if (!_isSkipping)
            Unknown++;
        _isSkipping = true;
        Drop(1);
    }

    private void Drop(int count) => _received.RemoveRange(0, count);

    private sealed record Rule(byte[] Request, bool IsLine, Func<byte[]> Answer, TimeSpan Delay);
}
