using Sprig.Scheduling;

namespace Sprig.Testing.Tests.Serial;

/// <summary>Runs the body of a test with ttys as main, under a limit that only a hanging one ever meets.</summary>
internal static class SerialRun
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    /// <summary>By the machine's clock: ptys deliver in it.</summary>
    internal static void Run(Func<Task> body)
        => CoroutineScheduler.Run(() => Deadline.RunAsync(s_limit, body), new SchedulerOptions { HandleSignals = false });

    /// <summary>By virtual time, which stands still while a pty delivers.</summary>
    internal static TestClock RunVirtually(Func<Task> body)
    {
        TestClock clock = new() { Patience = TimeSpan.FromMilliseconds(100) };
        CoroutineScheduler.Run(body, new SchedulerOptions { Clock = clock, HandleSignals = false });
        return clock;
    }

    internal static async Task<byte[]> ReadAsync(Stream stream, int count)
    {
        byte[] bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }

    /// <summary>Lets others run until it is so.</summary>
    internal static async Task UntilAsync(Func<bool> isSo)
    {
        while (!isSo())
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
    }

    /// <summary>As Assert.ThrowsAsync, but it never leaves the coroutine's context.</summary>
    internal static async Task<T> ThrowsAsync<T>(Func<Task> code)
        where T : Exception
    {
        try
        {
            await code();
        }
        catch (T expected)
        {
            return expected;
        }

        throw new Xunit.Sdk.XunitException($"No {typeof(T).Name} was thrown.");
    }
}
