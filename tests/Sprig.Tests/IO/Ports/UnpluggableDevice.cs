using Sprig.IO;
using Sprig.IO.Ports;
using Sprig.Scheduling;

namespace Sprig.Tests.IO.Ports;

/// <summary>A serial adapter with a stable name of its own, in a folder of its own: a link to a pty that comes and goes.</summary>
internal sealed class UnpluggableDevice : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("sprig-plug").FullName;

    /// <summary>Its name; the folder goes with the device, as that of udev does with the last one.</summary>
    internal string Name => $"{_root}/by-id/adapter";

    /// <summary>The other end of what is plugged in.</summary>
    internal PseudoTerminal Terminal { get; private set; } = null!;

    internal static UnpluggableDevice PluggedIn()
    {
        UnpluggableDevice device = new();
        device.Plug();
        return device;
    }

    internal void Plug()
    {
        Terminal = PseudoTerminal.Open();
        LinkTo(Terminal.DevicePath);
    }

    /// <summary>The name first: a number that is free is soon another's.</summary>
    internal void Unplug()
    {
        Directory.Delete($"{_root}/by-id", recursive: true);
        Terminal.Dispose();
    }

    internal void LinkTo(string target)
    {
        Directory.CreateDirectory($"{_root}/by-id");
        File.Delete(Name);
        File.CreateSymbolicLink(Name, target);
    }

    /// <summary>Until the port has learned of it. Somebody waits meanwhile: else virtual time would not look at the outside.</summary>
    internal async Task UnplugAndWaitAsync(SerialPort port)
    {
        Coroutine waiter = Coroutine.Spawn(async () => await port.WaitForReopenAsync(port.ReopenCount));
        await IoLoop.UntilBlocked(waiter);
        Unplug();
        while (port.IsConnected)
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
        await waiter.KillAsync();
    }

    /// <summary>Until somebody who waits has opened it again: what is sent before is thrown away by the opening.</summary>
    internal async Task PlugAndWaitAsync(SerialPort port)
    {
        long seen = port.ReopenCount;
        Plug();
        while (port.ReopenCount == seen || !port.IsConnected)
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
    }

    internal async Task SendAsync(string text) => await Terminal.WriteAsync(System.Text.Encoding.ASCII.GetBytes(text));

    internal async Task<string> ReceiveAsync(int count) => System.Text.Encoding.ASCII.GetString(await IoLoop.ReadExactly(Terminal, count));

    internal SerialPort Open(ReopenPolicy? policy = null) => SerialPort.Open(Name, new SerialSettings { BaudRate = 57_600, Reopen = policy ?? ReopenPolicy.Default });

    public void Dispose()
    {
        Terminal?.Dispose();
        Directory.Delete(_root, recursive: true);
    }
}
