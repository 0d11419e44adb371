using System.Globalization;

namespace Sprig.Devices;

/// <summary>One tone of a tune.</summary>
/// <param name="Hertz">Its pitch; 0 is a rest.</param>
/// <param name="Length">How long it sounds.</param>
public readonly record struct Tone(double Hertz, TimeSpan Length)
{
    private const int MaximumHertz = 20_000;

    /// <summary>The note's pitch in hertz, in equal temperament with A4 = 440 Hz.</summary>
    /// <param name="note">A letter from C to B, # or b if it is sharp or flat, and the octave from 0 to 9: "A4", "C#5", "Bb3".</param>
    /// <exception cref="FormatException">It is no such thing.</exception>
    public static double PitchOf(string note)
    {
        ArgumentException.ThrowIfNullOrEmpty(note);
        int semitone = "C-D-EF-G-A-B".IndexOf(char.ToUpperInvariant(note[0]), StringComparison.Ordinal);
        int change = note.Length < 3 ? 0 : note[1] switch { '#' => 1, 'b' => -1, _ => int.MinValue };
        char octave = note[^1];
        if (semitone < 0 || note[0] == '-' || note.Length is < 2 or > 3 || change == int.MinValue || !char.IsAsciiDigit(octave))
            throw new FormatException($"'{note}' is no note; write one as A4, C#5 or Bb3.");
        // Semitones above A4, which is the tenth of its octave.
        return 440 * Math.Pow(2, (semitone + change - 9 + 12 * (octave - '4')) / 12.0);
    }

    /// <summary>The tones of a ring tone in RTTTL, as "Scale:d=4,o=5,b=120:c,d,e,8p,2c6": name, then defaults for length, octave and
    /// beats a minute, then the notes, each with a length before it and an octave behind where they differ.</summary>
    /// <exception cref="FormatException">It is none; the message says which part.</exception>
    public static IReadOnlyList<Tone> ParseRtttl(string tune)
    {
        ArgumentException.ThrowIfNullOrEmpty(tune);
        if (tune.Split(':') is not [_, string defaults, string notes])
            throw new FormatException("A tune in RTTTL has three parts with colons between: name, defaults, notes.");
        int length = 4, octave = 6, beats = 63;
        foreach (string one in defaults.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            _ = one.Split('=', StringSplitOptions.TrimEntries) switch
            {
                ["d", string value] => length = Number(value, one),
                ["o", string value] => octave = Number(value, one),
                ["b", string value] => beats = Number(value, one),
                _ => throw new FormatException($"'{one}' is no default of a tune; there are d=4, o=6 and b=63."),
            };
        }

        double whole = 4.0 / beats;
        return [.. notes.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(note => ParseNote(note, length, octave, whole))];
    }

    /// <summary>As hertz for a PWM channel; throws where none can make it.</summary>
    internal static int ToFrequency(double hertz, int most)
        => (int)Math.Round(Between.Check(hertz, 1, Math.Min(most, MaximumHertz)));

    private static Tone ParseNote(string note, int length, int octave, double whole)
    {
        string rest = note.Replace(".", "", StringComparison.Ordinal).ToLowerInvariant();
        int digits = rest.TakeWhile(char.IsAsciiDigit).Count();
        if (digits > 0)
            length = Number(rest[..digits], note);
        rest = rest[digits..];
        var time = TimeSpan.FromMinutes(whole / length * (note.Contains('.', StringComparison.Ordinal) ? 1.5 : 1));
        if (rest == "p")
            return new Tone(0, time);
        if (rest.Length > 0 && !char.IsAsciiDigit(rest[^1]))
            rest += octave.ToString(CultureInfo.InvariantCulture);
        return rest.Length > 0 ? new Tone(PitchOf(rest), time) : throw new FormatException($"'{note}' is no note of a tune.");
    }

    private static int Number(string text, string where)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number : throw new FormatException($"'{text}' in '{where}' is no number above 0.");
}
