using Sprig.Scheduling;

namespace Sprig.Testing.Serial;

/// <summary>Two ttys joined by a line, as by a null-modem cable: what a program writes to one, another reads at the other. Either end
/// can be unplugged, and plugged in again.</summary>
/// <remarks>Loop thread only. The line carries what it is given as fast as it is read; who wants a bad one puts it between two
/// <see cref="VirtualSerial"/> of his own. What is sent to an end that nobody has open, or that is unplugged, is lost there.</remarks>
/// <example><code>
/// using VirtualSerialPair pair = VirtualSerial.CreatePair();
/// using SerialPort one = SerialPort.Open(pair.First.DevicePath), two = SerialPort.Open(pair.Second.DevicePath);
/// </code></example>
public sealed class VirtualSerialPair : IDisposable
{
    private const int BufferSize = 4096;

    internal VirtualSerialPair()
    {
        First = new VirtualSerial();
        try
        {
            Second = new VirtualSerial("ttyVIRTUAL1");
            Spawn(First, Second);
            Spawn(Second, First);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>One end.</summary>
    public VirtualSerial First { get; }

    /// <summary>The other end.</summary>
    public VirtualSerial Second { get; }

    /// <summary>Unplugs both, for good.</summary>
    public void Dispose()
    {
        First.Dispose();
        Second?.Dispose();
    }

    private static void Spawn(VirtualSerial from, VirtualSerial to) => Coroutine.Spawn(
        () => CarryAsync(from, to),
        new SpawnOptions { Name = $"the line from {from.DevicePath}", Daemon = DaemonRule.UntilWorkEnds });

    private static async Task CarryAsync(VirtualSerial from, VirtualSerial to)
    {
        byte[] buffer = new byte[BufferSize];
        try
        {
            while (true)
            {
                int count = await from.ReadAsync(buffer);
                await to.WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (ObjectDisposedException)
        {
            // Unplugged for good.
        }
    }
}
