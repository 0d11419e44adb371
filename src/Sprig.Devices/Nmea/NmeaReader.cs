using System.Text;
using Iot.Device.Nmea0183;
using Iot.Device.Nmea0183.Sentences;
using Sprig.IO;
using Sprig.IO.Ports;
using Sprig.Scheduling;

namespace Sprig.Devices.Nmea;

/// <summary>NMEA 0183 sentences from a GPS or another marine device, read as a coroutine and parsed by Iot.Device.Bindings.</summary>
/// <remarks>The binding's own <see cref="NmeaParser"/> takes a thread of its own for its stream; this takes none. What can't
/// be parsed is counted and passed over: the first line after opening is usually cut.</remarks>
public sealed class NmeaReader
{
    private readonly LineReader _lines;
    private readonly TimeProvider _time;
    private DateTimeOffset _last;

    /// <summary>Reads sentences from a stream, usually a <see cref="SerialPort"/>.</summary>
    /// <param name="stream">Is not closed by the reader.</param>
    public NmeaReader(Stream stream)
    {
        // A sentence has at most 82 characters; some receivers write longer ones.
        _lines = new LineReader(stream, Encoding.Latin1, maxLength: 512);
        _time = CoroutineScheduler.Current.TimeProvider;
        _last = _time.GetUtcNow();
    }

    /// <summary>Whole sentences with a right checksum.</summary>
    public long Sentences { get; private set; }

    /// <summary>Sentences whose checksum was wrong.</summary>
    public long BadChecksums { get; private set; }

    /// <summary>Lines that are no sentence: cut, garbled, too long.</summary>
    public long Malformed { get; private set; }

    /// <summary>How many bytes were received.</summary>
    public long BytesReceived => _lines.BytesReceived;

    /// <summary>The next sentence: a typed one where the binding knows its kind, else a <see cref="RawSentence"/>; null at the
    /// end of the stream.</summary>
    /// <exception cref="IOException">The device is gone, or failed.</exception>
    public async ValueTask<NmeaSentence?> ReadAsync()
    {
        while (true)
        {
            string? line;
            try
            {
                line = await _lines.ReadLineAsync();
            }
            catch (InvalidDataException)
            {
                Malformed++;
                continue;
            }

            if (line is null)
                return null;
            if (line.Length > 0 && Parse(line) is { } sentence)
                return sentence;
        }
    }

    private NmeaSentence? Parse(string line)
    {
        // The binding takes a sentence without a checksum for a good one; here it is one that lost its end.
        NmeaError error = NmeaError.NoSyncByte;
        TalkerSentence? sentence = line.LastIndexOf('*') == line.Length - 3 ? TalkerSentence.FromSentenceString(line, out error) : null;
        if (sentence is null)
        {
            if (error == NmeaError.InvalidChecksum)
                BadChecksums++;
            else
                Malformed++;
            return null;
        }

        Sentences++;
        return sentence.TryGetTypedValue(ref _last) ?? sentence.GetAsRawSentence(ref _last);
    }
}
