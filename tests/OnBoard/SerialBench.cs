using Sprig.IO;
using Sprig.IO.Ports;
using Sprig.Scheduling;
using Xunit;

namespace OnBoard;

/// <summary>A serial port with a loopback plug: what is sent there comes back. Three kinds: the board's UART and a USB adapter, where
/// the environment names them, else a pseudo-terminal that echoes.</summary>
internal sealed class SerialBench : IDisposable
{
    /// <summary>Its variable names the port of the board's UART, as /dev/ttyS0 or /dev/serial0.</summary>
    internal const string Uart = "SPRIG_LOOPBACK";

    /// <summary>Its variable names the port of a USB adapter: a stable name, since it will be unplugged.</summary>
    internal const string Adapter = "SPRIG_USB_LOOPBACK";

    private readonly PseudoTerminal? _echo;

    private SerialBench(string? path)
    {
        _echo = path is null ? PseudoTerminal.Open() : null;
        Path = path ?? _echo!.DevicePath;
    }

    /// <summary>The port.</summary>
    internal string Path { get; }

    /// <summary>What the kernel tells of it.</summary>
    internal SerialDevice Device => SerialDevices.Find(Path) ?? throw new InvalidOperationException($"{Path} is not there.");

    /// <summary>The port is one of the emulated board (hardware/emulator): CTS, DSR and DCD are up, and nothing else is wired.</summary>
    internal bool IsEmulated => Device.Driver == "serial" || Device.Manufacturer == "QEMU";

    /// <summary>Runs a test on a loop, on a port or, where there is none, on one that echoes.</summary>
    internal static void Run(string variable, Func<SerialBench, Task> test) => RunOn(Environment.GetEnvironmentVariable(variable), test);

    /// <summary>The same with hardware alone: else the test is skipped.</summary>
    internal static void RunOnHardware(string variable, Func<SerialBench, Task> test)
    {
        string? path = Environment.GetEnvironmentVariable(variable);
        Assert.SkipWhen(path is null, $"{variable} names no port here.");
        RunOn(path, test);
    }

    /// <summary>Pulls a USB adapter out, whoever has it open, and waits until its name is gone too: no hand is faster than udev.</summary>
    /// <returns>What plugs it in again.</returns>
    internal async Task<Action> Unplug()
    {
        await SerialDevices.WaitForAsync(Path);
        FileSystemInfo? port = new DirectoryInfo($"/sys/class/tty/{System.IO.Path.GetFileName(Device.Path)}").ResolveLinkTarget(returnFinalTarget: true);
        DirectoryInfo? usb = port as DirectoryInfo;
        while (usb is not null && !File.Exists($"{usb.FullName}/idVendor"))
            usb = usb.Parent;
        string file = $"{(usb ?? throw new InvalidOperationException($"{Path} is no USB device.")).FullName}/authorized";
        await File.WriteAllTextAsync(file, "0");
        while (new FileInfo(Path).LinkTarget is not null)
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
        return () => File.WriteAllText(file, "1");
    }

    /// <summary>Pulls it out and puts it in.</summary>
    internal async Task PlugAnew()
    {
        (await Unplug())();
        await SerialDevices.WaitForAsync(Path);
    }

    public void Dispose() => _echo?.Dispose();

    private static void RunOn(string? path, Func<SerialBench, Task> test)
        => CoroutineScheduler.Run(
            () => Deadline.RunAsync(TimeSpan.FromMinutes(1), async () =>
            {
                using SerialBench bench = new(path);
                if (bench._echo is { } echo)
                    _ = Coroutine.Spawn(() => EchoAsync(echo), new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
                await test(bench);
            }),
            new SchedulerOptions { HandleSignals = false });

    private static async Task EchoAsync(PseudoTerminal terminal)
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            try
            {
                int count = await terminal.ReadAsync(buffer);
                await terminal.WriteAsync(buffer.AsMemory(0, count));
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (IOException)
            {
                // Nobody has it open.
                await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
            }
        }
    }
}
