using Iot.Device.Nmea0183;
using Sprig.IO.Ports;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Sprig.Testing;
using Xunit;

namespace Sprig.Devices.Tests.Nmea;

/// <summary>The binding's own parser, which knows nothing of coroutines: its thread reads our port as any stream.</summary>
public class NmeaParserTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [Fact]
    public void It_gets_positions_of_a_receiver_over_our_port_and_ends_when_that_is_unplugged() => CoroutineScheduler.Run(() => Deadline.RunAsync(s_limit, async () =>
    {
        VirtualGps gps = new(TimeSpan.FromMilliseconds(20));
        using SerialPort port = SerialPort.Open(gps.DevicePath);
        using NmeaParser parser = new("GPS", port, null);
        CoroutineScheduler scheduler = CoroutineScheduler.Current;
        AsyncQueue<double> latitudes = new();
        CompletionSource<NmeaError> lost = new();
        // Its events come on its thread.
        parser.OnNewPosition += (position, _, _) => scheduler.Post(() => latitudes.PutNoWait(position.Latitude));
        parser.OnParserError += (_, _, error) =>
        {
            if (error == NmeaError.PortClosed)
                scheduler.Post(() => lost.TrySetResult(error));
        };
        _ = Coroutine.Spawn(gps.RunAsync, new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
        parser.StartDecode();
        HashSet<double> different = [];
        while (different.Count < 5)
        {
            double latitude = await latitudes.GetAsync();
            Assert.Equal(48.137, latitude, 0.0011);
            different.Add(latitude);
        }

        gps.Dispose();
        Assert.Equal(NmeaError.PortClosed, await lost);
        parser.StopDecode();
    }), new SchedulerOptions { HandleSignals = false });
}
