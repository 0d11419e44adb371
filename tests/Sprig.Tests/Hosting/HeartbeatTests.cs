using Sprig.Hosting;
using Sprig.Scheduling;
using Sprig.Tests.Scheduling;
using Xunit;

namespace Sprig.Tests.Hosting;

/// <summary>The service manager's watchdog: fed by a loop that turns, as long as no heartbeat is overdue.</summary>
[Collection(ServiceProgram.Name)]
public sealed class HeartbeatTests : IDisposable
{
    private const string Alive = "WATCHDOG=1";
    private readonly ServiceProgram _program = new() { WatchdogTimeout = TimeSpan.FromSeconds(3) };

    public void Dispose() => _program.Dispose();

    [Fact]
    public void A_healthy_program_is_told_alive_three_times_in_the_time_allowed()
    {
        _program.Run(() => Bodies.SleepFor(3.5));
        Assert.Equal(["READY=1", Alive, Alive, Alive, "STOPPING=1"], _program.Manager.Take());
    }

    [Fact]
    public void A_coroutine_that_hogs_the_thread_stops_it()
    {
        _program.Run(async () =>
        {
            await Bodies.SleepFor(1.5);
            _program.Manager.Take();
            // As a step of ten seconds.
            _program.Clock.Advance(VirtualRun.Seconds(10));
            Assert.Empty(_program.Manager.Take());
            await Coroutine.Yield();
        });
    }

    [Fact]
    public void It_hides_no_deadlock()
    {
        Assert.Equal(1, _program.Run(async () => await new WaitQueue("a thing that nobody gives").WaitAsync()));
        Assert.Equal(["READY=1", "STOPPING=1"], _program.Manager.Take());
        Assert.Contains("Deadlock", _program.Errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_heartbeat_that_is_in_time_changes_nothing()
    {
        _program.Run(async () =>
        {
            using Heartbeat beat = Heartbeat.Expect("sensor", VirtualRun.Seconds(2));
            for (int i = 0; i < 3; i++)
            {
                await Bodies.SleepFor(1.5);
                beat.Beat();
            }
        });
        Assert.Equal(["READY=1", Alive, Alive, Alive, Alive, "STOPPING=1"], _program.Manager.Take());
    }

    [Fact]
    public void One_that_is_overdue_stops_it_and_is_told_once_and_once_more_when_it_came_again()
    {
        _program.Run(async () =>
        {
            SystemdNotifier.SetStatus("serves");
            using Heartbeat beat = Heartbeat.Expect("sensor", VirtualRun.Seconds(2));
            await Bodies.SleepFor(4.5);
            beat.Beat();
            await Bodies.SleepFor(1);
        });
        string[] told = _program.Manager.Take();
        Assert.Equal(["STATUS=serves", "READY=1", Alive, Alive], told[..4]);
        Assert.Matches(
            @"^STATUS=heartbeat 'sensor' of coroutine 'main' \(spawned at main\.cs:1\) is overdue: expected every 2 s, it came 3\.0 s ago; it waits for a time \(sleep\)\.$",
            told[4]);
        Assert.Equal(["STATUS=serves", Alive, "STOPPING=1"], told[5..]);
    }

    [Fact]
    public void One_that_is_disposed_is_no_promise_any_more()
    {
        _program.Run(async () =>
        {
            Heartbeat beat = Heartbeat.Expect("sensor", VirtualRun.Seconds(1.5));
            await Bodies.SleepFor(2.5);
            beat.Dispose();
            beat.Dispose();
            await Bodies.SleepFor(1);
        });
        string[] told = _program.Manager.Take();
        Assert.Equal(["READY=1", Alive], told[..2]);
        Assert.StartsWith("STATUS=heartbeat 'sensor'", told[2], StringComparison.Ordinal);
        Assert.Equal(["STATUS=", Alive, "STOPPING=1"], told[3..]);
    }

    [Fact]
    public void Of_several_that_hang_the_first_is_told_until_it_came_again()
    {
        _program.Run(async () =>
        {
            using Heartbeat first = Heartbeat.Expect("first", VirtualRun.Seconds(0.5));
            using Heartbeat second = Heartbeat.Expect("second", VirtualRun.Seconds(1.5));
            await Bodies.SleepFor(2.5);
            _program.Manager.Take();
            first.Beat();
            await Bodies.SleepFor(0.6);
            Assert.StartsWith("STATUS=heartbeat 'second'", Assert.Single(_program.Manager.Take()), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_thread_without_a_coroutine_may_promise_too()
    {
        Health health = new();
        Heartbeat? beat = null;
        Thread thread = new(() => beat = new Heartbeat(health, "worker", TimeSpan.FromMilliseconds(1), "w.cs:7"));
        thread.Start();
        thread.Join();
        List<string?> told = [];
        health.Reported = (_, text) => told.Add(text);
        MonotonicTime now = MonotonicTime.Now + TimeSpan.FromSeconds(5);
        Assert.False(health.IsGood(now));
        Assert.False(health.IsGood(now));
        beat!.Dispose();
        Assert.True(health.IsGood(now));
        Assert.Equal(2, told.Count);
        Assert.Matches(@"^heartbeat 'worker' \(made at w\.cs:7\) is overdue: expected every 0\.001 s, it came \d+\.\d s ago\.$", told[0]);
        Assert.Null(told[1]);
    }

    [Fact]
    public void Wrong_use_is_told()
    {
        Assert.Throws<ArgumentException>(() => Heartbeat.Expect(" ", TimeSpan.FromSeconds(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Heartbeat.Expect("sensor", TimeSpan.Zero));
    }

    [Fact]
    public void Feeding_allocates_nothing()
    {
        _program.Run(async () =>
        {
            using Heartbeat beat = Heartbeat.Expect("sensor", VirtualRun.Seconds(2));
            long before = 0;
            for (int i = 0; i < 300; i++)
            {
                if (i == 100)
                    before = GC.GetAllocatedBytesForCurrentThread();
                await Coroutine.Sleep(VirtualRun.Seconds(1));
                beat.Beat();
            }

            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        });
        Assert.Equal("", _program.Errors.ToString());
    }
}
