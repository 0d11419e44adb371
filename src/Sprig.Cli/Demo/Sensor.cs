using Iot.Device.Nmea0183.Sentences;
using Sprig.Cli.Demo.Reports;
using Sprig.Devices.Nmea;
using Sprig.IO.Ports;
using Sprig.Scheduling;

namespace Sprig.Cli.Demo;

/// <summary>The serial sensor: reads NMEA sentences into a <see cref="ReadingFeed"/>; when it is unplugged it says so, and
/// tries again until it is back.</summary>
internal sealed class Sensor(string path, SerialSettings settings, ReadingFeed feed, DemoLog log, ThreadTally threads)
{
    private static readonly TimeSpan s_retryEvery = TimeSpan.FromSeconds(1);
    private SerialReport _before = new(0, 0, 0);
    private NmeaReader? _reader;
    private double? _altitude;

    internal string Path { get; } = path;

    internal bool IsConnected => _reader is not null;

    /// <summary>The body of its coroutine.</summary>
    /// <param name="port">The port, opened before the demo began so that a wrong one ends it; owned from now on.</param>
    internal async Task RunAsync(SerialPort port)
    {
        while (true)
        {
            using (port)
                await ReadUntilGoneAsync(new NmeaReader(port));
            port = await ReopenAsync();
            log.Say($"sensor: {Path} is back");
        }
    }

    internal SerialReport ToReport() => _reader is null ? _before : Add(_before, _reader);

    internal async Task ReadUntilGoneAsync(NmeaReader reader)
    {
        _reader = reader;
        try
        {
            while (await reader.ReadAsync() is { } sentence)
            {
                threads.Note();
                Take(sentence);
            }
        }
        catch (IOException e)
        {
            log.Say($"sensor: {e.Message}; trying again every {s_retryEvery.TotalSeconds:0} s");
        }
        finally
        {
            _before = Add(_before, reader);
            _reader = null;
        }
    }

    private async Task<SerialPort> ReopenAsync()
    {
        while (true)
        {
            await Coroutine.Sleep(s_retryEvery);
            threads.Note();
            try
            {
                return SerialPort.Open(Path, settings);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Not back yet.
            }
        }
    }

    private void Take(NmeaSentence sentence)
    {
        switch (sentence)
        {
            case GlobalPositioningSystemFixData { Valid: true } fix:
                _altitude = fix.GeoidAltitude;
                break;
            case RecommendedMinimumNavigationInformation { Valid: true } position:
                feed.Publish(new Reading(
                    position.DateTime,
                    Math.Round(position.Position.Latitude, 6),
                    Math.Round(position.Position.Longitude, 6),
                    Math.Round(position.SpeedOverGround.Knots, 2),
                    _altitude));
                break;
            default:
                break;
        }
    }

    private static SerialReport Add(SerialReport before, NmeaReader reader) => new(
        before.Lines + reader.Sentences + reader.BadChecksums + reader.Malformed,
        before.BadChecksums + reader.BadChecksums,
        before.Bytes + reader.BytesReceived);
}
