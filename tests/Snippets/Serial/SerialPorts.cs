using Sprig.IO.Ports;
using Sprig.Scheduling;

namespace Snippets.Serial;

internal static class SerialPorts
{
    internal static async Task ReadAsync()
    {
        #region open_a_port
        using SerialPort port = SerialPort.Open("/dev/ttyUSB0", new SerialSettings { BaudRate = 115_200, Parity = Parity.Even });
        while (await port.ReadLineAsync() is { } line)
            Console.WriteLine(line);
        #endregion
    }

    internal static async Task AskAsync(SerialPort port)
    {
        #region ask_and_drain
        port.NewLine = "\r";                                             // ends the lines of this instrument, both ways
        await port.WriteLineAsync("*IDN?");
        await port.DrainAsync();                                          // the last bit has left: now the line may be turned round
        string? answer = null;
        if (!await Deadline.TryRunAsync(TimeSpan.FromSeconds(1), async () => answer = await port.ReadLineAsync()))
            Console.WriteLine("no answer; what came of it stays for the next read");
        await port.SendBreakAsync(TimeSpan.FromMilliseconds(1));
        #endregion
        Console.WriteLine(answer);
    }

    internal static async Task WatchAsync()
    {
        #region rs485_and_lines
        SerialSettings settings = new()
        {
            BaudRate = 250_000,                                           // any rate that the hardware makes
            Handshake = Handshake.None,
            LowLatency = true,
            Rs485 = new Rs485Settings { DelayAfterSend = TimeSpan.FromMilliseconds(1) },
        };
        using SerialPort port = SerialPort.Open("/dev/ttyAMA2", settings);
        await foreach (ModemChange change in port.ModemChangesAsync(ModemLines.Cts | ModemLines.CarrierDetect))
            Console.WriteLine($"{change.Changed} changed: {change.Lines}; {port.ErrorCounts}");
        #endregion
    }

    internal static async Task OutliveAsync()
    {
        #region reopen_a_port
        foreach (SerialDevice device in SerialDevices.GetAll())
            Console.WriteLine($"{device}; settings file: {device.StableName}; open in {device.FindHolder()?.ToString() ?? "no program"}");

        const string Name = "/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0";
        await SerialDevices.WaitForAsync(Name);                           // nothing wakes up until something is plugged in
        ReopenPolicy policy = new() { SetUp = async port => await port.WriteLineAsync("RATE 10") };
        using SerialPort scale = SerialPort.Open(Name, new SerialSettings { Reopen = policy });
        await policy.SetUp(scale);
        scale.ConnectionChanged += (_, _) => Console.WriteLine(scale.IsConnected ? "back" : $"away: {scale.ConnectionFailure?.Message}");
        while (await scale.ReadLineAsync() is { } line)                   // goes on however often it is unplugged
            Console.WriteLine(line);
        #endregion
    }

    internal static void Ported()
    {
        #region ported_program
        SerialPort port = new("/dev/ttyUSB0", 9600, Parity.None, 8, StopBits.One) { ReadTimeout = 500 };
        port.DataReceived += (sender, e) => Console.Write(((SerialPort)sender).ReadExisting());
        port.Open();
        port.WriteLine("hello");
        Console.ReadLine();
        port.Close();
        #endregion
    }
}
