using Sprig.Linux;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Linux;

/// <summary>ThreadCalls, ThreadPlacement, and the two as options of CoroutineScheduler.Start.</summary>
public class ThreadPlacementTests
{
    private static readonly SchedulerOptions s_quiet = new() { HandleSignals = false };

    [Fact]
    public void A_thread_runs_on_the_processors_it_was_given_and_the_starter_on_its_own()
    {
        int[] before = ThreadCalls.GetAffinity();
        foreach (int processor in before)
        {
            string? allowed = null;
            int[]? got = null;
            CoroutineScheduler.Start(
                async () =>
                {
                    await Coroutine.Yield();
                    allowed = AllowedProcessors();
                    got = ThreadCalls.GetAffinity();
                },
                new SchedulerThreadOptions { CpuAffinity = [processor], Scheduler = s_quiet }).Join();
            Assert.Equal($"{processor}", allowed);
            Assert.Equal([processor], got!);
        }

        Assert.Equal(before, ThreadCalls.GetAffinity());
    }

    [Fact]
    public void Several_processors_may_be_named_in_any_order_and_twice()
    {
        int[] all = ThreadCalls.GetAffinity();
        int[]? got = null;
        CoroutineScheduler.Start(
            () =>
            {
                got = ThreadCalls.GetAffinity();
                return Task.CompletedTask;
            },
            new SchedulerThreadOptions { CpuAffinity = [.. all.Reverse(), all[0]], Scheduler = s_quiet }).Join();
        Assert.Equal(all, got);
    }

    [Theory]
    [InlineData(8191)]
    [InlineData(100_000)]
    public void A_processor_that_is_not_there_is_named_and_those_that_are(int missing)
    {
        string online = File.ReadAllText("/sys/devices/system/cpu/online").Trim();
        int there = ThreadCalls.GetAffinity()[0];
        // Alone the kernel refuses it; beside others it would pass over it in silence.
        foreach (int[] asked in (int[][])[[missing], [there, missing]])
        {
            ArgumentException error = Refused<ArgumentException>(new SchedulerThreadOptions { CpuAffinity = asked });
            Assert.Contains($"can't be bound to processor ", error.Message, StringComparison.Ordinal);
            Assert.Contains($"{missing}: this machine has {online} ", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Options_out_of_range_are_refused_before_there_is_a_thread()
    {
        Assert.Throws<ArgumentException>(() => Start(new SchedulerThreadOptions { CpuAffinity = [] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Start(new SchedulerThreadOptions { CpuAffinity = [-1] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Start(new SchedulerThreadOptions { FifoPriority = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Start(new SchedulerThreadOptions { FifoPriority = 100 }));
    }

    [Fact]
    public void A_thread_is_an_ordinary_one_unless_it_was_given_a_priority()
    {
        (int Policy, int Priority) got = (-1, -1);
        CoroutineScheduler.Start(
            () =>
            {
                got = (ThreadCalls.GetPolicy(), ThreadCalls.GetPriority());
                return Task.CompletedTask;
            },
            new SchedulerThreadOptions { Scheduler = s_quiet }).Join();
        Assert.Equal((ThreadCalls.OtherPolicy, 0), got);
    }

    [Fact]
    public void A_thread_with_a_priority_is_a_real_time_one_and_what_it_starts_is_not()
    {
        (int Policy, int Priority) own = (-1, -1);
        int ofThreadStarted = -1;
        SchedulerThreadOptions options = new()
        {
            FifoPriority = 7,
            Scheduler = s_quiet,
        };
        SchedulerThread thread;
        try
        {
            thread = CoroutineScheduler.Start(
                () =>
                {
                    own = (ThreadCalls.GetPolicy(), ThreadCalls.GetPriority());
                    Thread child = new(() => ofThreadStarted = ThreadCalls.GetPolicy());
                    child.Start();
                    child.Join();
                    return Task.CompletedTask;
                },
                options);
        }
        catch (UnauthorizedAccessException e)
        {
            AssertNamesTheCure(e, 7);
            return;
        }

        thread.Join();
        Assert.Equal((ThreadCalls.FifoPolicy | ThreadCalls.ResetOnFork, 7), own);
        Assert.Equal(ThreadCalls.OtherPolicy, ofThreadStarted);
    }

    [Fact]
    public void Without_the_right_to_a_priority_start_says_how_to_get_it_and_leaves_no_thread() => UnprivilegedThread.Run(() =>
    {
        try
        {
            UnauthorizedAccessException error = Refused<UnauthorizedAccessException>(new SchedulerThreadOptions { FifoPriority = 99 });
            AssertNamesTheCure(error, 99);
        }
        catch (Xunit.Sdk.ThrowsException) when (RealTimeLimit() >= 99)
        {
            // Here everybody may.
        }
    });

    private static void AssertNamesTheCure(UnauthorizedAccessException error, int priority)
    {
        Assert.StartsWith($"No permission for the SCHED_FIFO priority {priority}.", error.Message, StringComparison.Ordinal);
        Assert.Contains("CAP_SYS_NICE", error.Message, StringComparison.Ordinal);
        Assert.Contains($"LimitRTPRIO={priority}", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The error of a start, of which no thread is left.</summary>
    private static T Refused<T>(SchedulerThreadOptions options)
        where T : Exception
    {
        bool ran = false;
        string name = $"refused-{Guid.NewGuid():N}"[..15];
        T error = Assert.Throws<T>(() => CoroutineScheduler.Start(
            () =>
            {
                ran = true;
                return Task.CompletedTask;
            },
            options with { Name = name, Scheduler = s_quiet }));
        Assert.False(ran);
        // The kernel's part of it ends a moment after it has been joined.
        Assert.True(SpinWait.SpinUntil(() => !Directory.GetDirectories("/proc/self/task").Select(NameOf).Contains(name), TimeSpan.FromMinutes(1)));
        return error;
    }

    private static void Start(SchedulerThreadOptions options) => CoroutineScheduler.Start(() => Task.CompletedTask, options);

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).Trim();
        }
        catch (IOException)
        {
            // It has ended in the meantime.
            return "";
        }
    }

    private static string AllowedProcessors() => Status("/proc/thread-self/status", "Cpus_allowed_list:");

    private static int RealTimeLimit()
    {
        string[] row = Status("/proc/self/limits", "Max realtime priority").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return row[0] == "unlimited" ? 99 : int.Parse(row[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Status(string file, string key)
        => File.ReadLines(file).First(line => line.StartsWith(key, StringComparison.Ordinal))[key.Length..].Trim();
}
