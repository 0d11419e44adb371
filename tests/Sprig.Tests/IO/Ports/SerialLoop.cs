using System.Text;
using Sprig.IO;
using Sprig.IO.Ports;
using Sprig.Scheduling;

namespace Sprig.Tests.IO.Ports;

/// <summary>Tests of a port and the other end of its line.</summary>
internal static class SerialLoop
{
    /// <summary>With a port on a pty, in a run.</summary>
    internal static void Run(Func<PseudoTerminal, SerialPort, Task> body) => IoLoop.Run(async () =>
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        await body(terminal, port);
    });

    /// <summary>With a port on a driver that is made up, in a run.</summary>
    internal static void Run(TtyDouble tty, Func<PseudoTerminal, SerialPort, Task> body) => IoLoop.Run(async () =>
    {
        using (tty)
        using (PseudoTerminal terminal = PseudoTerminal.Open())
        using (SerialPort port = tty.Port(terminal.DevicePath))
        {
            port.Open();
            await body(terminal, port);
        }
    });

    /// <summary>With a port on a pty, on a thread without a scheduler.</summary>
    internal static void RunPlain(Action<PseudoTerminal, SerialPort> body)
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        body(terminal, port);
    }

    internal static async Task Send(PseudoTerminal terminal, string text) => await terminal.WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Sends, and waits until the port has it in the kernel: a pty delivers by a worker of the kernel's.</summary>
    internal static void SendNow(PseudoTerminal terminal, SerialPort port, ReadOnlySpan<byte> bytes)
    {
        int before = port.BytesToRead;
        terminal.Write(bytes);
        int wanted = before + bytes.Length;
        if (!SpinWait.SpinUntil(() => port.BytesToRead >= wanted, TimeSpan.FromSeconds(30)))
            throw new TimeoutException("The pty has not delivered.");
    }

    /// <summary>Lets others run until it is so.</summary>
    internal static async Task Until(Func<bool> condition)
    {
        while (!condition())
            await Coroutine.Sleep(TimeSpan.FromMicroseconds(100));
    }
}
