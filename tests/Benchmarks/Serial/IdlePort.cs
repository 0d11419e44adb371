using Sprig.IO;
using Sprig.Scheduling;

namespace Benchmarks.Serial;

/// <summary>A serial port is open and read, and nothing comes.</summary>
internal static class IdlePort
{
    internal const string Name = "idleport";

    /// <summary>The command line's word for the process that is measured.</summary>
    internal const string Subject = "idle-port-subject";

    internal static Measurement Measure(string side) => Idle.Measure(Name, Subject, side);

    /// <summary>What the measured process does: until it is killed.</summary>
    internal static void Watch(string side)
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        if (side == Workload.Sprig)
        {
            CoroutineScheduler.Run(async () =>
            {
                using Sprig.IO.Ports.SerialPort port = Sprig.IO.Ports.SerialPort.Open(terminal.DevicePath, 115_200);
                Coroutine reader = Coroutine.Spawn(async () => await port.ReadLineAsync());
                await Coroutine.Yield();
                Console.WriteLine($"{Idle.Ready} none");
                await reader.JoinAsync();
            });
        }
        else
        {
            using System.IO.Ports.SerialPort port = DefaultLines.Open(terminal.DevicePath);
            port.DataReceived += (_, _) => port.ReadExisting();
            Console.WriteLine($"{Idle.Ready} none");
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
