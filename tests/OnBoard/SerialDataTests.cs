using System.Globalization;
using System.Text;
using Sprig.IO.Ports;
using Sprig.Scheduling;
using Xunit;

namespace OnBoard;

/// <summary>Bytes by a driver of hardware, there and back.</summary>
public class SerialDataTests
{
    [Theory]
    [InlineData(SerialBench.Uart)]
    [InlineData(SerialBench.Adapter)]
    public void A_hundred_thousand_bytes_come_back_whole_and_in_order(string where) => SerialBench.Run(where, async bench =>
    {
        using SerialPort port = SerialPort.Open(bench.Path, 115_200);
        const int Lines = 4_000;
        Coroutine sender = Coroutine.Spawn(async () =>
        {
            for (int i = 0; i < Lines; i++)
                await port.WriteAsync(Encoding.ASCII.GetBytes(Line(i) + "\n"));
        });
        for (int i = 0; i < Lines; i++)
            Assert.Equal(Line(i), await port.ReadLineAsync());
        await sender;
    });

    [Theory]
    [InlineData(SerialBench.Uart)]
    [InlineData(SerialBench.Adapter)]
    public void Every_byte_passes_as_it_is(string where) => SerialBench.Run(where, async bench =>
    {
        using SerialPort port = SerialPort.Open(bench.Path, 115_200);
        // 0x11 and 0x13 stop and start some lines, 0x03 and 0x1A signal, 0xFF marks errors, CR and LF are translated: on cooked ttys.
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        await port.WriteAsync(all);
        byte[] back = new byte[all.Length];
        await port.ReadExactlyAsync(back);
        Assert.Equal(all, back);
    });

    // 25 bytes with its LF.
    private static string Line(int number) => string.Create(CultureInfo.InvariantCulture, $"{number:D8} 0123456789abcde");
}
