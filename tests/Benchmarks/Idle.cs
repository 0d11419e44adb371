using System.Diagnostics;
using Sprig.IO;
using Sprig.Linux;
using Sprig.Scheduling;

namespace Benchmarks;

/// <summary>A pin and a serial port are watched, and nothing happens: how often the process wakes up all the same. Measured
/// from outside, in a process that does nothing else, by the kernel's count of voluntary context switches.</summary>
internal static class Idle
{
    /// <summary>The command line's word for the process that is measured.</summary>
    internal const string Subject = "idle-subject";

    internal const string Ready = "ready";
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_measured = TimeSpan.FromSeconds(5);

    internal static Measurement OnSprig() => Measure(Workload.Sprig);

    internal static Measurement OnDefault() => Measure(Workload.Default);

    /// <summary>What the measured process does: until it is killed.</summary>
    internal static void Watch(string side)
    {
        if (side == Workload.Sprig)
            WatchOnSprig();
        else
            WatchOnDefault();
    }

    private static Measurement Measure(string side) => Measure("idle", Subject, side);

    /// <summary>Starts this program as the subject, and counts its wake-ups.</summary>
    internal static Measurement Measure(string workload, string subjectWord, string side)
    {
        using Process subject = SelfExecution.Start([subjectWord, side]);
        try
        {
            string? answer = subject.StandardOutput.ReadLine();
            if (answer?.StartsWith(Ready, StringComparison.Ordinal) != true)
                throw new InvalidOperationException($"The watching process has not started: {answer}");
            Thread.Sleep(s_settle);
            ThreadTable before = ThreadTable.Of(subject.Id);
            Thread.Sleep(s_measured);
            ThreadTable after = ThreadTable.Of(subject.Id);
            // The first thread of the process is the one that runs Main: Sprig's loop, the reader of a blocked SerialPort.
            long own = after.SwitchesSince(before, subject.Id);
            long all = after.SwitchesSince(before);
            double seconds = s_measured.TotalSeconds;
            return new Measurement(workload, side, all, all / seconds,
                Measurement.Detail("main_thread", own / seconds),
                Measurement.Detail("threads", after.Count),
                Measurement.Detail("pin", answer[Ready.Length..].Trim()),
                Measurement.Detail("per_thread", after.DescribeSince(before)))
            {
                Fault = side == Workload.Sprig && own > 0 ? $"the loop's thread woke up {own} times" : null,
            };
        }
        finally
        {
            subject.Kill();
            subject.WaitForExit();
        }
    }

    private static void WatchOnSprig()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        CoroutineScheduler.Run(async () =>
        {
            using GpioChip? chip = GpioChip.OpenBoard();
            using GpioInput pin = chip?.OpenInput(17) ?? QuietPin();
            using Sprig.IO.Ports.SerialPort port = Sprig.IO.Ports.SerialPort.Open(terminal.DevicePath, 115_200);
            Coroutine edges = Coroutine.Spawn(async () => await pin.WaitForEdgeAsync());
            Coroutine lines = Coroutine.Spawn(async () => await port.ReadLineAsync());
            await Coroutine.Yield();
            Console.WriteLine($"{Ready} {(chip is null ? "pipe" : chip.Label)}");
            await Coroutine.JoinAll(edges, lines);
        });
    }

    private static void WatchOnDefault()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using System.IO.Ports.SerialPort port = new(terminal.DevicePath, 115_200);
        port.Open();
        Console.WriteLine($"{Ready} none");
        _ = port.ReadLine();
    }

    /// <summary>Where the machine has no GPIO: the kernel's side of a line is a descriptor that gets readable, and so is the
    /// end of a pipe. Its other end stays open and unused.</summary>
    private static GpioInput QuietPin()
    {
        Span<int> ends = stackalloc int[2];
        int result = Syscall.Pipe(ends);
        return result >= 0 ? new GpioInput(new KernelLineRequest(new FileDescriptor(ends[0]), [17], [new GpioLineSettings { Edges = GpioEdges.Both }], new GpioChipInfo("a pipe", "gpiochip0", "a pipe", 54)))
            : throw Errno.ToException(-result, "make", "a pipe");
    }
}
