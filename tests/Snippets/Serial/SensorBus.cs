using Sprig.Devices.Modbus;
using Sprig.Devices.Serial;
using Sprig.IO.Ports;
using Sprig.Scheduling;

namespace Snippets.Serial;

internal static class SensorBus
{
    internal static async Task PollAsync(Func<string, double> ParseCelsius, byte[] askCo2, AnswerParser<int> ParseCo2)
    {
        #region poll_sensors
        using SerialPort port = SerialPort.Open("/dev/ttyUSB0", 9600);
        SerialPoller poller = new(port) { Timeout = TimeSpan.FromMilliseconds(300), Retries = 2 };
        PolledSensor<double> outside = poller.Add("outside", TimeSpan.FromSeconds(1), SerialRequest.Line("T1?", ParseCelsius));
        PolledSensor<int> air = poller.Add("air", TimeSpan.FromSeconds(5), SerialRequest.Fixed(askCo2, answerLength: 9, ParseCo2));
        air.Subscribe(reading => Console.WriteLine($"{reading.Value} ppm"));
        poller.Notices.Subscribe(notice => Console.Error.WriteLine(notice));          // fails, answers again: each told once
        _ = Coroutine.Spawn(poller.RunAsync, new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
        await foreach (Reading<double> reading in outside)
            Console.WriteLine($"{reading.Value} °C after {reading.ResponseTime.TotalMilliseconds} ms{(reading.IsStale ? ", stale" : "")}");
        #endregion
    }

    internal static async Task ModbusAsync(SerialPort port)
    {
        #region modbus
        ModbusRtuMaster master = new(port);                                           // a SerialPort, or any stream
        ushort[] registers = await master.ReadInputRegistersAsync(unit: 5, address: 0, count: 2);
        float litres = ModbusRegisters.ToSingle(registers, WordOrder.LowFirst);
        await master.WriteCoilAsync(unit: 5, address: 3, value: true);

        SerialPoller poller = new();
        poller.Add("flow", TimeSpan.FromSeconds(1), async () => (await master.ReadInputRegistersAsync(5, 10, 1))[0]);
        #endregion
        Console.WriteLine(litres);
    }
}
