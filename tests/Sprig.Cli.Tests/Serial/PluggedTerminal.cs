using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Cli.Tests.Serial;

/// <summary>A tty under a name of its own, as an adapter has under /dev/serial/by-id, and its other end.</summary>
internal sealed class PluggedTerminal : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sprig-");

    internal PluggedTerminal() => Plug();

    internal string Path => System.IO.Path.Combine(_folder.FullName, "tty");

    internal PseudoTerminal Device { get; private set; } = PseudoTerminal.Open();

    public void Dispose()
    {
        Device.Dispose();
        _folder.Delete(recursive: true);
    }

    internal void Unplug()
    {
        File.Delete(Path);
        Device.Dispose();
    }

    /// <summary>Another device, under the same name.</summary>
    internal void PlugAnother()
    {
        Device = PseudoTerminal.Open();
        Plug();
    }

    /// <summary>Gives back what it gets, as <paramref name="line"/> changes it, while somebody has the tty open.</summary>
    internal void StartEcho(Func<byte[], byte[]> line) => Coroutine.Spawn(() => EchoAsync(line), new SpawnOptions { Name = "echo", Daemon = DaemonRule.UntilMainReturns });

    /// <summary>Reads so many bytes.</summary>
    internal async Task<byte[]> ReadAsync(int count)
    {
        byte[] bytes = new byte[count];
        await Device.ReadExactlyAsync(bytes);
        return bytes;
    }

    private void Plug() => File.CreateSymbolicLink(Path, Device.DevicePath);

    private async Task EchoAsync(Func<byte[], byte[]> line)
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            try
            {
                int count = await Device.ReadAsync(buffer);
                await Device.WriteAsync(line(buffer[..count]));
            }
            catch (IOException)
            {
                // Nobody has it open, as yet.
                await Coroutine.Yield();
            }
            catch (ObjectDisposedException)
            {
                // Unplugged.
                return;
            }
        }
    }
}
