using Sprig.IO.Ports;

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
}
