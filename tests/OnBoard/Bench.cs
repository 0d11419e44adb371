using Sprig.IO;
using Sprig.Scheduling;
using Xunit;

// The kernel's chip is there once, and its lines may be held once.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]

namespace OnBoard;

/// <summary>A chip, and hands beside the board that pull its lines and measure them. Two kinds, one set of tests: what holds on the
/// simulated board has to hold on a kernel's chip.</summary>
internal abstract class Bench : IDisposable
{
    /// <summary>The emulated board's chip where this runs on one (hardware/emulator), else a simulated board.</summary>
    internal static Bench Create()
        => Environment.GetEnvironmentVariable("SPRIG_EMULATED_LINES") is { } lines ? new KernelBench(lines) : new SimulatedBench();

    /// <summary>A line that the board keeps for itself, and as whose.</summary>
    internal const int ReservedLine = 53;

    internal const string ReservedBy = "held by the kernel";

    internal abstract GpioChip Chip { get; }

    private protected abstract SchedulerOptions Options { get; }

    /// <summary>Pulls a line from outside, as a button or a sensor would.</summary>
    internal abstract void Pull(int line, bool high);

    /// <summary>The level of a line, as a meter would show it.</summary>
    internal abstract bool Measure(int line);

    /// <summary>Takes the chip away, whoever holds its lines. It is back on the next bench.</summary>
    internal abstract void Unplug();

    /// <summary>Runs a test on a loop; a bench is for one.</summary>
    internal static void Run(Func<Bench, Task> test)
    {
        using Bench bench = Create();
        bench.RunOnce(() => test(bench));
    }

    /// <summary>One run of a loop, under a limit that only a hanging one ever meets.</summary>
    internal void RunOnce(Func<Task> main) => CoroutineScheduler.Run(() => Deadline.RunAsync(TimeSpan.FromMinutes(1), main), Options);

    public abstract void Dispose();
}
