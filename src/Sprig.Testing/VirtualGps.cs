using System.Text;
using Iot.Device.Common;
using Iot.Device.Nmea0183;
using Iot.Device.Nmea0183.Sentences;
using Sprig.IO;
using Sprig.Scheduling;
using UnitsNet;

namespace Sprig.Testing;

/// <summary>A GPS receiver at the other end of a real tty: writes genuine NMEA 0183 sentences (RMC, then GGA) at each beat,
/// the position moving on a circle.</summary>
/// <remarks>Dispose unplugs it. Loop thread only.</remarks>
public sealed class VirtualGps : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(100);
    private readonly PseudoTerminal _terminal;
    private readonly TimeSpan _period;

    /// <summary>Plugs one in.</summary>
    /// <param name="period">The time between two positions: a second with most receivers, less with good ones.</param>
    public VirtualGps(TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        _period = period;
        _terminal = PseudoTerminal.Open();
    }

    /// <summary>The tty to open, as /dev/pts/3.</summary>
    public string DevicePath => _terminal.DevicePath;

    /// <summary>Sentences written.</summary>
    public long Sentences { get; private set; }

    /// <summary>Sentences that nobody has read in time: a receiver has no flow control, and drops them.</summary>
    public long Dropped { get; private set; }

    /// <summary>Writes until it is killed or unplugged: the body of a coroutine, usually a daemon.</summary>
    public async Task RunAsync()
    {
        Ticker ticker = new(_period);
        TimeProvider time = CoroutineScheduler.Current.TimeProvider;
        try
        {
            while (true)
            {
                Tick tick = await ticker.NextAsync();
                foreach (NmeaSentence sentence in At(time.GetUtcNow(), tick.Index))
                    await WriteAsync(sentence);
            }
        }
        catch (ObjectDisposedException)
        {
            // Unplugged.
        }
    }

    /// <summary>Unplugs it: who has the tty open reads the hang-up.</summary>
    public void Dispose() => _terminal.Dispose();

    private async Task WriteAsync(NmeaSentence sentence)
    {
        byte[] line = Encoding.ASCII.GetBytes(sentence.ToNmeaMessage() + "\r\n");
        if (await Deadline.TryRunAsync(s_patience, async () => await _terminal.WriteAsync(line)))
            Sentences++;
        else
            Dropped++;
    }

    private static IEnumerable<NmeaSentence> At(DateTimeOffset time, long beat)
    {
        double angle = beat * 0.01;
        GeographicPosition position = new(48.137 + 0.001 * Math.Sin(angle), 11.575 + 0.0015 * Math.Cos(angle), 566);
        Angle course = Angle.FromDegrees((beat * 0.573 + 90) % 360);
        yield return new RecommendedMinimumNavigationInformation(time, NavigationStatus.Valid, position, Speed.FromKnots(5.5), course, null)
        {
            TalkerId = TalkerId.GlobalPositioningSystem,
        };
        yield return new GlobalPositioningSystemFixData(time, GpsQuality.Fix, position, 519, 0.9, 8)
        {
            TalkerId = TalkerId.GlobalPositioningSystem,
        };
    }
}
