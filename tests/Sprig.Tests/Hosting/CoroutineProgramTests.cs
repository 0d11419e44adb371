using Sprig.Hosting;
using Sprig.Scheduling;
using Sprig.Tests.Scheduling;
using Xunit;

namespace Sprig.Tests.Hosting;

/// <summary>What the service manager is told of a program's life.</summary>
[Collection(ServiceProgram.Name)]
public sealed class CoroutineProgramTests : IDisposable
{
    private readonly ServiceProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public void It_is_ready_when_main_first_waits_and_stops_when_main_has_returned()
    {
        int code = _program.Run(async () =>
        {
            Note();
            await Coroutine.Yield();
            Note();
            await Bodies.SleepFor(10);
        });
        Assert.Equal(0, code);
        Assert.Equal([[], ["READY=1"]], _notes);
        Assert.Equal(["STOPPING=1"], _program.Manager.Take());
    }

    [Fact]
    public void A_program_that_never_waits_was_ready_too()
    {
        Assert.Equal(0, _program.Run(() => Task.CompletedTask));
        Assert.Equal(["READY=1", "STOPPING=1"], _program.Manager.Take());
    }

    [Fact]
    public void One_that_fails_before_it_waits_was_never_ready()
    {
        Assert.Equal(1, _program.Run(() => Task.FromException(new IOException("no board"))));
        Assert.Equal(["STOPPING=1"], _program.Manager.Take());
        Assert.Contains("no board", _program.Errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_may_say_itself_when_it_is_ready()
    {
        _program.Run(async () =>
        {
            SystemdNotifier.HoldReady();
            await Bodies.SleepFor(1);
            Note();
            SystemdNotifier.Ready();
            SystemdNotifier.Ready();
            SystemdNotifier.HoldReady();
            Note();
        });
        Assert.Equal([[], ["READY=1"]], _notes);
    }

    [Fact]
    public void Holding_back_what_was_told_is_an_error()
    {
        Assert.Equal(1, _program.Run(async () =>
        {
            await Coroutine.Yield();
            SystemdNotifier.HoldReady();
        }));
        Assert.Contains("before main's first wait", _program.Errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_stops_when_main_is_killed_before_the_clean_up()
    {
        _program.Run(async () =>
        {
            Coroutine main = Coroutine.Current;
            Bodies.ActAfter(1, () => main.Kill());
            try
            {
                await Bodies.SleepForEver();
            }
            finally
            {
                Note();
                await Bodies.SleepFor(1);
            }
        });
        Assert.Equal([["READY=1", "STOPPING=1"]], _notes);
        Assert.Empty(_program.Manager.Take());
    }

    [Fact]
    public void It_stops_when_main_has_returned_before_the_daemons_clean_up()
    {
        _program.Run(async () =>
        {
            _ = Coroutine.Spawn(
                async () =>
                {
                    try
                    {
                        await Bodies.SleepForEver();
                    }
                    finally
                    {
                        await Bodies.SleepFor(1);
                        Note();
                    }
                },
                new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
            await Coroutine.Yield();
        });
        Assert.Equal([["READY=1", "STOPPING=1"]], _notes);
    }

    [Fact]
    public void Its_status_is_told_as_one_line()
    {
        _program.Run(async () =>
        {
            Assert.True(SystemdNotifier.IsActive);
            await Coroutine.Yield();
            SystemdNotifier.SetStatus("3 clients\n2 sensors");
            new Thread(() => SystemdNotifier.SetStatus("from a thread")).Start();
        });
        Assert.Equal("STATUS=3 clients 2 sensors", _program.Manager.Take()[1]);
    }

    [Fact]
    public void A_full_queue_of_the_manager_delays_what_is_told_and_nothing_else()
    {
        using Sprig.IO.UnixDatagramSender others = new(_program.Manager.Address);
        while (others.TrySend("OTHER=1"u8) == Sprig.IO.DatagramOutcome.Sent)
        {
        }

        _program.Run(async () =>
        {
            await Bodies.SleepFor(1);
            SystemdNotifier.SetStatus("serves");
            Assert.DoesNotContain("READY=1", _program.Manager.Take());
            await Bodies.SleepFor(1);
            Note();
        });
        Assert.Equal([["READY=1\nSTATUS=serves"]], _notes);
        Assert.Equal(["STOPPING=1"], _program.Manager.Take());
    }

    [Fact]
    public void A_manager_that_is_gone_stops_nobody()
    {
        _program.Manager.Dispose();
        Assert.Equal(0, _program.Run(async () =>
        {
            SystemdNotifier.SetStatus("to nobody");
            await Bodies.SleepFor(1);
        }));
        Assert.Equal("", _program.Errors.ToString());
    }

    [Fact]
    public void Without_a_manager_the_same_program_runs()
    {
        using ServiceProgram alone = new() { HasManager = false, WatchdogTimeout = TimeSpan.FromSeconds(3) };
        Assert.Equal(0, alone.Run(async () =>
        {
            Assert.False(SystemdNotifier.IsActive);
            SystemdNotifier.HoldReady();
            await Bodies.SleepFor(10);
            SystemdNotifier.Ready();
            SystemdNotifier.SetStatus("alone");
        }));
        Assert.Empty(alone.Manager.Take());
        SystemdNotifier.Ready();
        SystemdNotifier.HoldReady();
        SystemdNotifier.SetStatus("no program runs");
        Assert.False(SystemdNotifier.IsActive);
    }

    [Fact]
    public void A_program_within_or_beside_it_does_not_end_what_it_tells()
    {
        using ServiceProgram other = new() { HasManager = false };
        int inner = 0;
        _program.Run(async () =>
        {
            SystemdNotifier.HoldReady();
            await Bodies.SleepFor(1);
            // A mistake, which ends at once.
            inner = other.Run(() => Task.CompletedTask);
            Assert.True(SystemdNotifier.IsActive);
            SystemdNotifier.Ready();
            Note();
        });
        Assert.Equal(1, inner);
        Assert.Equal([["READY=1"]], _notes);
        Assert.False(SystemdNotifier.IsActive);
    }

    [Fact]
    public void What_is_wrong_with_the_environment_is_told()
    {
        int code = _program.Run(() => Task.CompletedTask, () => throw new SettingException("WRONG", "'x' is no time."));
        Assert.Equal(1, code);
        Assert.Equal($"WRONG: 'x' is no time.{Environment.NewLine}", _program.Errors.ToString());
    }

    [Fact]
    public void A_watchdog_that_the_environment_asks_for_and_that_is_not_there_ends_the_program()
    {
        int code = _program.Run(() => Task.CompletedTask, () => new ServiceEnvironment(_program.Manager.Address, null, "/dev/no-such-watchdog", null));
        Assert.Equal(1, code);
        Assert.Matches(@"^SPRIG_WATCHDOG: There is no watchdog /dev/no-such-watchdog: .*\n$", _program.Errors.ToString());
        Assert.Empty(_program.Manager.Take());
    }

    private readonly List<string[]> _notes = [];

    private void Note() => _notes.Add(_program.Manager.Take());
}
