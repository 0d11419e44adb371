using Sprig.IO.Ports;
using Sprig.Scheduling;
using Sprig.Testing;
using Sprig.Testing.Serial;

namespace Sprig.Cli.Serial;

/// <summary>The port of a command: one of this machine, or one with a simulated device behind it.</summary>
internal sealed class SerialLink : IDisposable
{
    /// <summary>The name of a port that is none.</summary>
    internal const string Simulated = "sim";

    /// <summary>Of the noise: the same each time.</summary>
    private const int Seed = 1;
    private readonly IDisposable? _device;

    private SerialLink(SerialPort port, string name, IDisposable? device = null)
    {
        Port = port;
        Name = name;
        _device = device;
    }

    internal SerialPort Port { get; }

    /// <summary>As the user has called it.</summary>
    internal string Name { get; }

    /// <summary>Opens it; a simulated device begins at once. Within a run.</summary>
    /// <param name="name">A path, a name in /dev, or sim.</param>
    /// <param name="settings">How it is set.</param>
    /// <param name="simulated">What sim stands for.</param>
    /// <param name="noise">What its line does to the bytes; null: nothing.</param>
    internal static SerialLink Open(string name, SerialSettings settings, SimulatedDevice simulated, LineNoise? noise = null)
    {
        if (string.IsNullOrWhiteSpace(name))
            throw new ArgumentException("the port's name is empty: wanted is a path, as /dev/ttyUSB0, or sim ('sprig serial list' shows which there are)");
        if (name != Simulated)
            return new SerialLink(SerialPort.Open(name.Contains('/', StringComparison.Ordinal) ? name : $"/dev/{name}", settings), name);
        return simulated == SimulatedDevice.Gps ? OpenGps(settings) : OpenEcho(settings, noise ?? LineNoise.None);
    }

    public void Dispose()
    {
        Port.Dispose();
        _device?.Dispose();
    }

    private static SerialLink OpenGps(SerialSettings settings)
    {
        VirtualGps gps = new(TimeSpan.FromSeconds(1));
        return Begin(settings, gps, gps.DevicePath, gps.RunAsync);
    }

    private static SerialLink OpenEcho(SerialSettings settings, LineNoise noise)
    {
        NoisyLine line = NoisyLine.BetweenPorts(noise, Seed);
        return Begin(settings, line, line.FirstPath!, () => EchoAsync(line.SecondPath!));
    }

    private static SerialLink Begin(SerialSettings settings, IDisposable device, string path, Func<Task> body)
    {
        SerialPort port;
        try
        {
            port = SerialPort.Open(path, settings);
        }
        catch
        {
            device.Dispose();
            throw;
        }

        _ = Coroutine.Spawn(body, new SpawnOptions { Name = "simulated device", Daemon = DaemonRule.UntilMainReturns });
        return new SerialLink(port, Simulated, device);
    }

    private static async Task EchoAsync(string path)
    {
        using SerialPort port = SerialPort.Open(path);
        byte[] buffer = new byte[4096];
        try
        {
            while (true)
            {
                int count = await port.ReadAsync(buffer);
                await port.WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (IOException)
        {
            // The command has ended.
        }
    }
}
