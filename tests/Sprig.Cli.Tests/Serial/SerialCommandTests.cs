using System.Text.Json;
using Sprig.Cli.Serial;
using Sprig.IO.Ports;
using Xunit;

namespace Sprig.Cli.Tests.Serial;

/// <summary>The commands as they are typed, on simulated ports; bad input is one line on standard error and exit code 2.</summary>
[Collection(nameof(ConsoleCollection))]
public class SerialCommandTests
{
    [Theory]
    [InlineData("", "sprig serial --help")]
    [InlineData("bogus", "bogus")]
    [InlineData("list 5", "5")]
    [InlineData("monitor", "sprig serial monitor --help")]
    [InlineData("monitor /dev/ttyNowhere0", "There is no device /dev/ttyNowhere0")]
    [InlineData("monitor ttyNowhere0", "There is no device /dev/ttyNowhere0")]
    [InlineData("monitor /dev/null", "/dev/null is no serial device")]
    [InlineData("monitor sim --baud fast", "--baud 'fast': wanted is a baud rate")]
    [InlineData("monitor sim --baud 0", "--baud '0': wanted is a baud rate")]
    [InlineData("monitor sim --format 9N1", "--format '9N1': wanted is data bits (5 to 8)")]
    [InlineData("monitor sim --format 8X1", "--format '8X1': wanted is data bits")]
    [InlineData("monitor sim --format 8N3", "--format '8N3': wanted is data bits")]
    [InlineData("monitor sim --format 8N1.5", "--format '8N1.5': wanted is data bits")]
    [InlineData("monitor sim --format 8", "--format '8': wanted is data bits")]
    [InlineData("monitor sim --format 7E1", "does not do 9600 7E1")]
    [InlineData("monitor sim --hex --both", "--hex, --text and --both exclude each other")]
    [InlineData("monitor sim --timestamps often", "--timestamps 'often': wanted is start, delta")]
    [InlineData("monitor sim --seconds -1", "--seconds '-1'")]
    [InlineData("monitor sim --seconds 1,5", "--seconds '1,5'")]
    [InlineData("monitor sim --count many", "--count 'many'")]
    [InlineData("monitor sim --log /nowhere/log", "/nowhere/log")]
    [InlineData("monitor sim --log-as text", "--log-as 'text': wanted is raw, view")]
    [InlineData("monitor sim --line-end lfcr", "--line-end 'lfcr': wanted is lf, crlf, cr, none")]
    [InlineData("monitor sim --flow dtr", "--flow 'dtr': wanted is none, rts, xon, both")]
    [InlineData("send", "sprig serial send --help")]
    [InlineData("send sim", "nothing to send: name a text, --hex, --file or -")]
    [InlineData("send sim text --hex 01", "a text, --hex and --file exclude each other")]
    [InlineData("send sim --hex 1", "'1' is no byte")]
    [InlineData("send sim --file /nowhere/file", "/nowhere/file")]
    [InlineData("send /dev/ttyNowhere0 text", "There is no device /dev/ttyNowhere0")]
    [InlineData("send sim text --wait-answer soon", "--wait-answer 'soon'")]
    [InlineData("loopback", "sprig serial loopback --help")]
    [InlineData("loopback sim --bytes -1", "--bytes '-1'")]
    [InlineData("loopback sim --seed x", "--seed 'x'")]
    [InlineData("loopback sim --port2 /dev/ttyNowhere0", "There is no device /dev/ttyNowhere0")]
    [InlineData("loopback sim --flow xon", "--flow: XON and XOFF would be taken out of the pattern")]
    [InlineData("loopback sim --noise 2", "--noise '2': wanted is a part of one")]
    [InlineData("loopback /dev/null --noise 0.1", "--noise: /dev/null has its own noise")]
    [InlineData("loopback /dev/ttyNowhere0", "There is no device /dev/ttyNowhere0")]
    public void Bad_input_is_one_line_and_exit_code_2(string arguments, string said)
        => ConsoleRun.AssertRefused(said, Words(arguments));

    [Fact]
    public void An_empty_name_is_told()
        => ConsoleRun.AssertRefused("the port's name is empty: wanted is a path, as /dev/ttyUSB0, or sim", "serial", "monitor", "");

    [Theory]
    [InlineData("hello --line-end crlf --wait-answer 30", "7 bytes sent\nhello\n")]
    [InlineData("--hex 00ff --wait-answer 30", "2 bytes sent\n00000000  00 ff                                             |..|\n")]
    [InlineData("hello --line-end none", "5 bytes sent\n")]
    [InlineData("@01RD --wait-answer 30", "6 bytes sent\n@01RD\n")]
    public void What_is_sent_to_the_simulated_port_comes_back(string options, string said)
        => Assert.Equal((0, said, ""), ConsoleRun.Of(Words($"send sim {options}")));

    [Fact]
    public void A_file_is_sent_as_it_is()
    {
        string file = Path.GetTempFileName();
        File.WriteAllBytes(file, [0, 0xFF, 0x0A]);
        Assert.Equal((0, "3 bytes sent\n00000000  00 ff 0a                                          |...|\n", ""), ConsoleRun.Of([.. Words("send sim --wait-answer 30 --show-hex --file"), file]));
        File.Delete(file);
    }

    [Fact]
    public void The_simulated_loop_is_sound()
    {
        (int code, string output, _) = ConsoleRun.Of(Words("loopback sim --bytes 5000 --seed -9 --baud 115200"));
        Assert.Equal(0, code);
        Assert.StartsWith("loopback on sim: 115200 8N1, seed -9\n", output, StringComparison.Ordinal);
        Assert.EndsWith("0 of 40000 bits wrong (rate 0e+0), in 0 bytes; 0 bytes lost, 0 extra\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_noisy_simulated_loop_is_not()
    {
        (int code, string output, _) = ConsoleRun.Of(Words("loopback sim --bytes 20000 --noise 0.03 --flow rts"));
        Assert.Equal(1, code);
        string[] lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal("loopback on sim: 9600 8N1 RTS/CTS, seed 1", lines[0]);
        int[] found = [.. System.Text.RegularExpressions.Regex.Matches(lines[3], @"\d+").Select(number => int.Parse(number.Value, System.Globalization.CultureInfo.InvariantCulture))];
        // A hundredth of each, about: a bit in a byte that was turned.
        Assert.Matches(@"^\d+ of \d+ bits wrong \(rate .*\), in \d+ bytes; \d+ bytes lost, \d+ extra$", lines[3]);
        Assert.All([found[0], found[^2], found[^1]], count => Assert.InRange(count, 100, 400));
    }

    [Fact]
    public void The_list_can_be_read_by_programs()
    {
        (int code, string output, _) = ConsoleRun.Of(Words("list --json"));
        Assert.Equal(0, code);
        Assert.Equal(SerialDevices.GetAll().Count, JsonDocument.Parse(output).RootElement.GetArrayLength());
    }

    [Fact]
    public void A_device_is_listed_by_the_name_that_stays_with_what_is_known_of_it()
    {
        SerialDevice adapter = new()
        {
            Path = "/dev/ttyNowhere1",
            ById = "/dev/serial/by-id/usb-FTDI_FT232R_A50285BI-if00-port0",
            Driver = "ftdi_sio",
            UsbVendorId = 0x0403,
            UsbProductId = 0x6001,
            Manufacturer = "FTDI",
            Product = "FT232R \e[2JUART",
            SerialNumber = "A50285BI",
        };
        using StringWriter text = new() { NewLine = "\n" }, json = new();
        SerialList.Show(text, [adapter, new SerialDevice { Path = "/dev/ttyNowhere2", IsConsole = true }], json: false);
        Assert.Equal(
            "/dev/serial/by-id/usb-FTDI_FT232R_A50285BI-if00-port0\n    /dev/ttyNowhere1, ftdi_sio, 0403:6001, FTDI FT232R \\e[2JUART, serial number A50285BI, free\n"
            + "/dev/ttyNowhere2\n    the kernel's console, free\n",
            text.ToString());
        SerialList.Show(json, [adapter], json: true);
        JsonElement row = JsonDocument.Parse(json.ToString()).RootElement[0];
        Assert.Equal(("0403:6001", "A50285BI"), (row.GetProperty("ids").GetString(), row.GetProperty("serial_number").GetString()));
        Assert.Equal(JsonValueKind.Null, row.GetProperty("in_use_by").ValueKind);
    }

    [Fact]
    public void Who_has_a_device_open_is_named()
    {
        using PluggedTerminal plugged = new();
        using SerialPort port = SerialPort.Open(plugged.Path);
        using StringWriter text = new();
        SerialList.Show(text, [new SerialDevice { Path = plugged.Device.DevicePath }], json: false);
        Assert.Contains($"(process {Environment.ProcessId})", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_device_the_list_says_what_there_is()
    {
        using StringWriter text = new();
        SerialList.Show(text, [], json: false);
        Assert.Equal("this machine has no serial device; the port 'sim' is a simulated one\n", text.ToString());
    }

    [Fact]
    public void A_port_that_refuses_leaves_nothing_open()
        => OpenDescriptors.AssertNoneLeakedBy(() => ConsoleRun.Of(Words("monitor sim --format 7E1")));

    private static string[] Words(string arguments) => ["serial", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
}
