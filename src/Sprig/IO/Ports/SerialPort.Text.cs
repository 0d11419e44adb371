using System.Text;

namespace Sprig.IO.Ports;

/// <content>Reading text, blocking the thread. A call whose time is over has taken nothing: the next goes on with what has come.</content>
public sealed partial class SerialPort
{
    private const int LongestChar = 8;
    private const int MostExisting = 1 << 20;
    private char? _lastChar;

    /// <summary>One byte. Blocks the thread until there is one.</summary>
    /// <inheritdoc cref="Read(Span{byte})"/>
    public override int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        _ = Read(one);
        return one[0];
    }

    /// <summary>One character of <see cref="Encoding"/>. Blocks the thread until there is a whole one.</summary>
    /// <inheritdoc cref="Read(Span{byte})"/>
    public int ReadChar()
    {
        Span<char> one = stackalloc char[1];
        _ = Read(one);
        return one[0];
    }

    /// <summary>As many characters as there are, at least one. Blocks the thread until there is one.</summary>
    /// <param name="buffer">Where they go.</param>
    /// <param name="offset">From here on.</param>
    /// <param name="count">At most so many.</param>
    /// <returns>How many there were.</returns>
    /// <inheritdoc cref="Read(Span{byte})"/>
    public int Read(char[] buffer, int offset, int count)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <summary>What has come and was not read, as text: empty when there is nothing. Bytes of a character that is not whole stay.</summary>
    /// <exception cref="IOException">The device is gone.</exception>
    public string ReadExisting()
    {
        SerialLine line = OpenLine;
        using SerialLine.Use use = line.Hold();
        lock (_gate)
        {
            try
            {
                while (_ahead.Count < MostExisting && TryFill())
                {
                    // Until the kernel has no more.
                }
            }
            catch (IOException) when (_ahead.Count > 0)
            {
                // The next call tells; this one has something.
            }

            int whole = WholeChars(_ahead.Unread);
            string text = Decode(Encoding, _ahead.Unread[..whole]);
            _ahead.Skip(whole);
            return text;
        }
    }

    /// <summary>Up to the next <see cref="NewLine"/>, which is taken and not returned: a CR before an LF stays, as in
    /// System.IO.Ports. Blocks the thread until it has come.</summary>
    /// <inheritdoc cref="ReadTo"/>
    public string ReadLine() => ReadTo(NewLine);

    /// <summary>Up to the next such text, which is taken and not returned. Blocks the thread until it has come.</summary>
    /// <param name="value">What ends it.</param>
    /// <exception cref="TimeoutException"><see cref="ReadTimeout"/> is over; what has come stays for the next call.</exception>
    /// <exception cref="IOException">The device is gone.</exception>
    /// <exception cref="InvalidOperationException">It is not open.</exception>
    public string ReadTo(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        long until = TimeAfter(ReadTimeout);
        SerialLine line = OpenLine;
        using SerialLine.Use use = line.Hold();
        byte[] end = EndOf(value, Encoding);
        string? text;
        while (!TryTakeTo(end, Encoding, dropsCr: false, limit: 0, out text))
            Fill(line, until);
        return text!;
    }

    private int Read(Span<char> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        long until = TimeAfter(ReadTimeout);
        SerialLine line = OpenLine;
        using SerialLine.Use use = line.Hold();
        while (true)
        {
            int count = 0;
            lock (_gate)
            {
                while (count < buffer.Length && (TryTakeChar(out buffer[count]) || (count == 0 && TryFill() && TryTakeChar(out buffer[count]))))
                    count++;
            }

            if (count > 0)
                return count;
            Fill(line, until);
        }
    }

    /// <summary>The first character of what was read ahead, if it is whole; the second half of a pair waits for the next call.</summary>
    private bool TryTakeChar(out char one)
    {
        if (_lastChar is { } last)
        {
            (one, _lastChar) = (last, null);
            return true;
        }

        one = default;
        ReadOnlySpan<byte> unread = _ahead.Unread;
        Span<char> chars = stackalloc char[LongestChar];
        for (int length = 1; length <= Math.Min(unread.Length, LongestChar); length++)
        {
            int count = Encoding.GetDecoder().GetChars(unread[..length], chars, flush: false);
            if (count == 0)
                continue;
            _ahead.Skip(length);
            one = chars[0];
            if (count > 1)
                _lastChar = chars[1];
            return true;
        }

        return false;
    }

    // The shortest beginning that has all the characters: what is behind it is the beginning of one.
    private int WholeChars(ReadOnlySpan<byte> bytes)
    {
        if (Encoding.IsSingleByte)
            return bytes.Length;
        int count = Encoding.GetDecoder().GetCharCount(bytes, flush: false);
        int whole = bytes.Length;
        while (whole > 0 && Encoding.GetDecoder().GetCharCount(bytes[..(whole - 1)], flush: false) == count)
            whole--;
        return whole;
    }

    private string Decode(Encoding encoding, ReadOnlySpan<byte> bytes)
    {
        string text = encoding.GetString(bytes);
        if (_lastChar is not { } last)
            return text;
        _lastChar = null;
        return last + text;
    }
}
