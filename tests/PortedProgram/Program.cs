#if SPRIG
using Sprig.IO.Ports;
#else
using System.IO.Ports;
#endif
using System.Text;
using static Protocol;

// A program as people have them: it was written for System.IO.Ports, talks to an instrument by lines, and prints what it does. It is compiled
// twice; the using above is all that differs.
string name = args[0];
StringBuilder received = new();
ManualResetEventSlim wholeLine = new();
SerialPort port = new(name, 9600, Parity.None, 8, StopBits.One) { NewLine = "\r\n", ReadTimeout = 500 };

Say("names of ports", () => SerialPort.GetPortNames() is string[]);
Say("set", () => $"{port.BaudRate} {port.DataBits} {port.Parity} {port.StopBits} {port.Handshake} {port.ReadTimeout} {port.WriteTimeout} {port.Encoding.WebName}");
Say("read while closed", () => port.ReadLine());
Say("timeout below zero", () => port.ReadTimeout = -2);
Say("no baud", () => port.BaudRate = 0);
Say("nine bits", () => port.DataBits = 9);
Say("no stop bits", () => port.StopBits = StopBits.None);
Say("no name", () => port.PortName = "");
Say("no end of line", () => port.NewLine = "");
Say("no such port", () => new SerialPort("/dev/ttyNowhere0").Open());
Say("no serial port", () => new SerialPort("/dev/null").Open());

Say("open", port.Open);
port.ReadTimeout = 30_000;
Say("is open", () => port.IsOpen);
Say("open again", port.Open);
Say("name while open", () => port.PortName = "/dev/ttyS9");
Say("handshake", () => port.Handshake = Handshake.XOnXOff);
Say("no handshake", () => port.Handshake = Handshake.None);
Say("DTR", () => port.DtrEnable = true);
Say("RTS", () => port.RtsEnable = true);
Say("CTS", () => port.CtsHolding);
Say("break", () => port.BreakState = true);
Say("break over", () => port.BreakState = false);
Say("odd rate", () => port.BaudRate = 250_000);
Say("seven bits", () => port.DataBits = 7);
Say("even parity", () => port.Parity = Parity.Even);
port.Parity = Parity.None;

Ask("ID?");
Say("line", port.ReadLine);
Ask("ID?");
Say("bytes", () => { Until(10); return port.BytesToRead; });
Say("byte", () => port.ReadByte());
Say("character", () => (char)port.ReadChar());
Say("counted after", () => port.BytesToRead);
Say("rest", port.ReadLine);
port.ReadTimeout = 500;
Say("silence", port.ReadLine);
Say("silence, byte", () => port.ReadByte());
Ask("HALF");
Say("half a line", port.ReadLine);
Say("half is there", () => { Until(3); return port.BytesToRead; });
port.ReadTimeout = 30_000;
Ask("REST");
Say("the whole line", port.ReadLine);
Ask("LIST");
Say("to ;", () => port.ReadTo(";"));
Say("to ; again", () => port.ReadTo(";"));
Say("what is left", () => { Until(7); return port.ReadExisting(); });
Ask("BINARY");
Say("binary", () => { Until(6); byte[] bytes = new byte[16]; int count = port.Read(bytes, 0, 16); return Convert.ToHexString(bytes, 0, count); });
Ask("BINARY");
Say("binary as ASCII", () => { Until(6); return port.ReadExisting(); });
port.Encoding = Encoding.UTF8;
Ask("DEGREES");
Say("UTF-8", port.ReadLine);
Ask("DEGREES");
Say("characters", () => { Until(8); char[] text = new char[4]; int count = port.Read(text, 0, 4); return new string(text, 0, count); });
Say("characters left", port.ReadLine);
Ask("ID?");
Say("thrown away", () => { Until(10); port.DiscardInBuffer(); return port.BytesToRead; });
Ask("ID?");
Say("base stream", () => { Until(10); byte[] bytes = new byte[5]; int count = port.BaseStream.Read(bytes, 0, 5); return Encoding.ASCII.GetString(bytes, 0, count); });
Say("base stream left", port.ReadLine);
Say("write bytes", () => port.Write(Encoding.ASCII.GetBytes("..ID?\r\n.."), 2, 5));
Say("answer to bytes", port.ReadLine);
Say("write characters", () => port.Write(['I', 'D', '?', '\r', '\n'], 0, 5));
Say("answer to characters", port.ReadLine);
Say("to write", () => port.BytesToWrite);
Say("nothing to write", () => port.Write((string)null!));

port.DataReceived += OnData;
port.ErrorReceived += (_, e) => Console.WriteLine($"error: {e.EventType}");
port.PinChanged += (_, e) => Console.WriteLine($"pin: {e.EventType}");
Ask("STREAM");
Say("lines came by themselves", () => wholeLine.Wait(30_000));
port.DataReceived -= OnData;
Say("they are", () => received.ToString());

Say("close", port.Close);
Say("is open", () => port.IsOpen);
Say("write while closed", () => port.WriteLine("ID?"));
Say("open once more", port.Open);
Ask("ID?");
Say("line", port.ReadLine);
Ask("BYE");
Say("unplugged", port.ReadLine);
Say("is open", () => port.IsOpen);
Say("dispose", port.Dispose);
Say("is open", () => port.IsOpen);
return 0;

void OnData(object sender, SerialDataReceivedEventArgs e)
{
    received.Append(((SerialPort)sender).ReadExisting());
    if (e.EventType == SerialData.Chars && received.ToString().EndsWith("3\r\n", StringComparison.Ordinal))
        wholeLine.Set();
}

void Ask(string question) => Say($"ask {question}", () => port.WriteLine(question));

// The answer is on its way.
void Until(int bytes)
{
    while (port.BytesToRead < bytes)
        Thread.Sleep(1);
}

/// <summary>What the program did, a line each: what it got, or the error.</summary>
internal static class Protocol
{
    internal static void Say(string what, Action action) => Say(what, () =>
    {
        action();
        return "done";
    });

    internal static void Say(string what, Func<object?> action)
    {
        try
        {
            Console.WriteLine($"{what}: {string.Concat($"{action()}".Select(c => c is < ' ' or > '~' ? $"<{(int)c:X2}>" : $"{c}"))}");
        }
        catch (Exception e)
        {
            Console.WriteLine($"{what}: {e.GetType().Name}");
        }
    }
}
