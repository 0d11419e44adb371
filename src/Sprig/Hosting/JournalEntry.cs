using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Sprig.Hosting;

/// <summary>One entry in the journal's own protocol: a line NAME=value for each field; where the value has line breaks, or is binary, the name's line,
/// the value's length in eight bytes, the value, and the line's end.</summary>
internal sealed class JournalEntry
{
    private const int LongestName = 64;
    private const int NumberLength = 64;

    /// <summary>What the journal's writer says itself.</summary>
    private static readonly string[] s_taken = ["MESSAGE", "PRIORITY", "SYSLOG_IDENTIFIER", "CODE_FILE", "CODE_LINE", "CODE_FUNC", "SPRIG_COROUTINE"];

    private static readonly SearchValues<char> s_letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    private readonly ArrayBufferWriter<byte> _bytes = new(1024);

    internal ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <exception cref="ArgumentException">The journal would drop the field, or confuse it with another.</exception>
    internal static void ThrowIfBad(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, nameof(name));
        if (name.Length > LongestName || !char.IsAsciiLetterUpper(name[0]) || name.AsSpan().ContainsAnyExcept(s_letters))
        {
            throw new ArgumentException($"'{name}' can't name a field of the journal: it takes capital letters, digits and underscores, a letter first, "
                + $"and at most {LongestName} of them.", nameof(name));
        }

        if (s_taken.Contains(name))
            throw new ArgumentException($"The journal's {name} is written with each entry already: choose another name.", nameof(name));
    }

    internal void Clear() => _bytes.ResetWrittenCount();

    internal void AddText(string name, ReadOnlySpan<char> value)
    {
        int length = Encoding.UTF8.GetByteCount(value);
        BeginValue(name, value.Contains('\n') ? length : null);
        _bytes.Advance(Encoding.UTF8.GetBytes(value, _bytes.GetSpan(length)));
        EndValue();
    }

    /// <summary>Numbers and times in the invariant culture, byte arrays as they are, nothing for null.</summary>
    internal void Add(string name, object? value)
    {
        Span<char> room = stackalloc char[NumberLength];
        if (value is byte[] binary)
        {
            BeginValue(name, binary.Length);
            _bytes.Write(binary);
            EndValue();
        }
        else if (value is ISpanFormattable number && number.TryFormat(room, out int written, default, CultureInfo.InvariantCulture))
        {
            AddText(name, room[..written]);
        }
        else if (value is not null)
        {
            AddText(name, ToText(value));
        }
    }

    internal static string ToText(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private void BeginValue(string name, int? length)
    {
        _bytes.Advance(Encoding.ASCII.GetBytes(name, _bytes.GetSpan(name.Length)));
        _bytes.Write(length is null ? "="u8 : "\n"u8);
        if (length is not { } count)
            return;
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.GetSpan(sizeof(ulong)), (ulong)count);
        _bytes.Advance(sizeof(ulong));
    }

    private void EndValue() => _bytes.Write("\n"u8);
}
