using Sprig.Scheduling;
using Sprig.Testing;
using Xunit;

namespace Sprig.Programs.Tests;

/// <summary>A program in this process and in virtual time, on a simulated board, with what it says.</summary>
internal static class ProgramRun
{
    /// <summary>Runs a program for so long, with somebody beside it, and gives its lines. Afterwards no line is held.</summary>
    internal static string[] For(TimeSpan length, SimulatedBoard board, Func<Task> program, Func<Task>? beside = null)
    {
        TextWriter before = Console.Out;
        using StringWriter said = new();
        Console.SetOut(said);
        try
        {
            CoroutineScheduler.Run(
                async () =>
                {
                    Coroutine running = Coroutine.Spawn(program);
                    Coroutine? other = beside is null ? null : Coroutine.Spawn(beside);
                    // It has no end of its own: one that comes is a failure, and thrown here.
                    if (await running.JoinAsync(length))
                        await running;
                    if (other is not null)
                        await other;
                    running.Kill();
                    await running.JoinAsync();
                },
                // A pty delivers through a work queue of the kernel: real patience before virtual time jumps, on a busy machine too.
                new SchedulerOptions { Clock = new TestClock { Patience = TimeSpan.FromMilliseconds(40) } });
        }
        finally
        {
            Console.SetOut(before);
        }

        Assert.Equal(0, board.HeldLines);
        return said.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    internal static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
