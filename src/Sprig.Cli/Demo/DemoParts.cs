using Sprig.IO;
using Sprig.IO.Ports;
using Sprig.Testing;

namespace Sprig.Cli.Demo;

/// <summary>The devices of one demo, all opened before it begins, so that a wrong option ends it with one line; all closed
/// by Dispose, the LEDs dark.</summary>
internal sealed class DemoParts : IDisposable
{
    private readonly Stack<IDisposable> _open;

    private DemoParts(DemoOptions options, Stack<IDisposable> open)
    {
        _open = open;
        Chip = Keep(OpenChip(options.Gpio));
        foreach (int line in options.Leds)
            Leds.Add(Keep(Chip.OpenOutput(line, new GpioOutputOptions { Consumer = "sprig demo" })));
        string? path = options.Serial switch
        {
            "auto" => SerialDevices.List() is [{ } first, ..] ? first : null,
            "sim" => null,
            _ => options.Serial,
        };
        if (path is null)
        {
            Gps = Keep(new VirtualGps(TimeSpan.FromMilliseconds(200)));
            path = Gps.DevicePath;
        }

        SerialSettings = new SerialSettings { BaudRate = options.BaudRate };
        SerialPath = path;
        Port = Keep(SerialPort.Open(path, SerialSettings));
        Listener = Keep(SocketListener.Listen(options.Listen));
    }

    internal GpioChip Chip { get; }

    internal List<GpioOutput> Leds { get; } = [];

    /// <summary>The sensor's other end, where it is a virtual one.</summary>
    internal VirtualGps? Gps { get; }

    internal string SerialPath { get; }

    internal SerialSettings SerialSettings { get; }

    internal SerialPort Port { get; }

    internal SocketListener Listener { get; }

    internal static DemoParts Open(DemoOptions options)
    {
        Stack<IDisposable> open = new();
        try
        {
            return new DemoParts(options, open);
        }
        catch
        {
            CloseAll(open);
            throw;
        }
    }

    public void Dispose() => CloseAll(_open);

    private static GpioChip OpenChip(string gpio) => gpio switch
    {
        "auto" => GpioChip.OpenBoard() ?? new SimulatedBoard(),
        "sim" => new SimulatedBoard(),
        _ => GpioChip.Open(gpio),
    };

    // The last opened first: the lines before their chip.
    private static void CloseAll(Stack<IDisposable> open)
    {
        while (open.TryPop(out IDisposable? part))
            part.Dispose();
    }

    private T Keep<T>(T part)
        where T : IDisposable
    {
        _open.Push(part);
        return part;
    }
}
