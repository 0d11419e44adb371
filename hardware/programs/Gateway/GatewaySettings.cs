using System.Net;
using Sprig.Programs;

/// <summary>What Gateway can be told.</summary>
/// <param name="Gpio">Which chip.</param>
/// <param name="Button">The button's line, between the line and ground.</param>
/// <param name="Answer">The LED that answers a press.</param>
/// <param name="Alive">The LED that flashes at each reading.</param>
/// <param name="Alarm">The LED that is lit while there is too much CO2.</param>
/// <param name="Limit">How much is too much, in parts per million.</param>
/// <param name="Serial">Where the sensor is.</param>
/// <param name="Poll">How often it is asked.</param>
/// <param name="Timeout">How long an answer may take.</param>
/// <param name="Listen">Where clients connect.</param>
internal sealed record GatewaySettings(
    string Gpio, int Button, int Answer, int Alive, int Alarm, int Limit, string Serial, TimeSpan Poll, TimeSpan Timeout, IPEndPoint Listen)
{
    internal static GatewaySettings Read(Settings from) => new(
        from.Text("gpio", "auto", Pins.Wanted),
        from.Line("button", 23, "the line of the button"),
        from.Line("answer", 17, "the line of the LED that answers a press"),
        from.Line("alive", 27, "the line of the LED that flashes at each reading"),
        from.Line("alarm", 22, "the line of the LED that is lit above the limit"),
        from.Whole("limit", 1000, 0, 10000, "CO2 in parts per million"),
        from.Text("serial", "auto", Mhz19.Wanted),
        from.Seconds("poll", 2, 0.1, 86400, "the time between two questions to the sensor"),
        from.Seconds("timeout", 1, 0.01, 60, "how long an answer may take"),
        new IPEndPoint(
            IPAddress.Parse(from.Text("host", "127.0.0.1", "an IP address of this machine; 0.0.0.0: all of them", text => IPAddress.TryParse(text, out _))),
            from.Whole("port", 4242, 0, 65535, "the TCP port; 0: any free one")));
}
