namespace Sprig.IO.Ports;

/// <summary>What is done to the bytes that come: the kernel's marks of wrong ones are resolved, and NULs dropped where that is wanted.</summary>
/// <remarks>With PARMRK the kernel puts 0xFF 0x00 before a byte that had an error, and doubles a good 0xFF. A mark may be cut by the
/// end of a read: the state goes from one to the next.</remarks>
internal sealed class InputFilter(bool resolvesMarks, byte replacement, bool dropsNull)
{
    private State _state;

    private enum State
    {
        Plain,
        AfterFirst,
        AfterSecond,
    }

    /// <summary>In place; says how many bytes are left.</summary>
    internal int Apply(Span<byte> bytes)
    {
        int count = 0;
        foreach (byte one in bytes)
        {
            if (!resolvesMarks)
                Keep(bytes, ref count, one);
            else if (_state == State.AfterSecond)
            {
                _state = State.Plain;
                Keep(bytes, ref count, replacement);
            }
            else if (_state == State.AfterFirst)
            {
                _state = one == 0 ? State.AfterSecond : State.Plain;
                if (one != 0)
                    Keep(bytes, ref count, one);
            }
            else if (one == 0xFF)
                _state = State.AfterFirst;
            else
                Keep(bytes, ref count, one);
        }

        return count;
    }

    private void Keep(Span<byte> bytes, ref int count, byte one)
    {
        if (one != 0 || !dropsNull)
            bytes[count++] = one;
    }
}
