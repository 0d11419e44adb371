using Sprig.Devices.Serial;
using Sprig.Hosting;
using Sprig.IO.Ports;
using Sprig.Scheduling;

namespace Snippets.Serial;

internal static class ReadmeSensor
{
    internal static int Run()
    {
        #region a_sensor_polled
        return CoroutineProgram.Run(async () =>
        {
            using SerialPort port = SerialPort.Open("/dev/serial/by-id/usb-FTDI_thermometer-if00-port0", 9600);
            SerialPoller poller = new(port) { Timeout = TimeSpan.FromMilliseconds(300), Retries = 2 };
            PolledSensor<string> outside = poller.Add("outside", TimeSpan.FromSeconds(1), SerialRequest.Line("T1?", line => line));
            poller.Notices.Subscribe(notice => Console.Error.WriteLine(notice));
            _ = Coroutine.Spawn(poller.RunAsync, new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
            await foreach (Reading<string> reading in outside)
                Console.WriteLine($"{reading.Value}{(reading.IsStale ? ", stale" : "")}");
        });
        #endregion
    }
}
