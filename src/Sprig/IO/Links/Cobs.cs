namespace Sprig.IO.Links;

/// <summary>placeholder until Framing is merged</summary>
internal static class Cobs
{
    internal static int Encode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int code = 0, at = 1;
        byte run = 1;
        foreach (byte b in source)
        {
            if (b != 0)
            {
                destination[at++] = b;
                run++;
            }

            if (b == 0 || run == 255)
            {
                destination[code] = run;
                code = at++;
                run = 1;
            }
        }

        destination[code] = run;
        return at;
    }

    internal static int Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int at = 0, to = 0;
        while (at < source.Length)
        {
            int run = source[at++] - 1;
            if (run < 0 || at + run > source.Length || to + run > destination.Length)
                return -1;
            source.Slice(at, run).CopyTo(destination[to..]);
            at += run;
            to += run;
            if (run < 254 && at < source.Length)
            {
                if (to == destination.Length)
                    return -1;
                destination[to++] = 0;
            }
        }

        return to;
    }
}
