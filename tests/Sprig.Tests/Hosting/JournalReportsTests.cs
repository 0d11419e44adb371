using Sprig.Hosting;
using Sprig.IO;
using Sprig.Scheduling;
using Sprig.Tests.Scheduling;
using Sprig.Tests.Support;
using Xunit;

namespace Sprig.Tests.Hosting;

/// <summary>The runtime's reports of a program whose standard error goes to the journal.</summary>
[Collection(ServiceProgram.Name)]
public sealed class JournalReportsTests : IDisposable
{
    private readonly DatagramReceiver _journal = new();
    private readonly UnixDatagramSender _sender;
    private readonly VirtualRun _run = new();

    public JournalReportsTests() => _sender = new UnixDatagramSender(_journal.Address);

    public void Dispose()
    {
        _sender.Dispose();
        _journal.Dispose();
    }

    [Fact]
    public void A_failure_that_nobody_looked_at_is_an_entry_and_told_once()
    {
        Assert.Equal(1, Run(() =>
        {
            _ = Coroutine.Spawn(() => Bodies.Fail("no answer"), new SpawnOptions { Name = "sensor" });
            return Task.CompletedTask;
        }));
        string[] entries = _journal.Take();
        Assert.Equal(2, entries.Length);
        Assert.Matches(@"(?s)^MESSAGE='sensor' \(.*\.cs:\d+\) failed and nobody looked: no answer\nPRIORITY=3\n.*\nCOROUTINE=sensor\nSPAWNED_AT=.*JournalReportsTests\.cs:\d+\nEXCEPTION\n.*InvalidOperationException: no answer\n   at ", entries[0]);
        Assert.StartsWith("MESSAGE=the program failed by what is reported before this.\nPRIORITY=2\n", entries[1], StringComparison.Ordinal);
        Assert.DoesNotContain("EXCEPTION", entries[1], StringComparison.Ordinal);
        _run.Reports.Expect("failure of sensor: no answer");
    }

    [Fact]
    public void The_programs_own_failure_is_an_entry_with_its_exception()
    {
        Assert.Equal(1, Run(() => Bodies.Fail("no board")));
        string entry = Assert.Single(_journal.Take());
        Assert.Matches(@"(?s)^MESSAGE=the program failed: no board\nPRIORITY=2\n.*COROUTINE=main\nSPAWNED_AT=main\.cs:1\nEXCEPTION\n", entry);
    }

    [Fact]
    public void A_failure_of_several_that_names_none_is_told_itself()
    {
        Run(() => throw new AggregateException("all of them"));
        Assert.StartsWith("MESSAGE=the program failed: all of them", Assert.Single(_journal.Take()), StringComparison.Ordinal);
    }

    [Fact]
    public void Mains_failure_beside_anothers_is_told_once_each()
    {
        Run(() =>
        {
            _ = Coroutine.Spawn(() => Bodies.Fail("child"));
            throw new InvalidOperationException("main");
        });
        string[] entries = _journal.Take();
        Assert.Equal(2, entries.Length);
        Assert.Contains("nobody looked: child", entries[0], StringComparison.Ordinal);
        Assert.StartsWith("MESSAGE=the program failed: main", entries[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_straggler_is_an_entry()
    {
        Run(() =>
        {
            _ = Coroutine.Spawn(Bodies.NeverGiveUp, new SpawnOptions { Name = "stubborn", Daemon = DaemonRule.UntilMainReturns });
            return Bodies.SleepFor(1);
        });
        Assert.Matches(@"(?s)^MESSAGE=coroutine 'stubborn' \(.*\) was killed and has not ended within its grace time; it waits for .*PRIORITY=4\n.*COROUTINE=stubborn\n", Assert.Single(_journal.Take()));
        _run.Reports.Expect("straggler stubborn");
    }

    [Fact]
    public void A_circle_is_an_entry()
    {
        Run(async () => await Assert.ThrowsAsync<DeadlockException>(async () => await Coroutine.Current));
        Assert.Matches(@"(?s)^MESSAGE\n.*Deadlock.*PRIORITY=3\n.*COROUTINE=main\n", Assert.Single(_journal.Take()));
    }

    [Fact]
    public void A_circle_that_ends_the_program_is_told_once()
    {
        Run(async () => await Coroutine.Current);
        string[] entries = _journal.Take();
        Assert.Equal(2, entries.Length);
        Assert.DoesNotContain("Deadlock", entries[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_callback_that_failed_is_an_entry()
    {
        Run(async () =>
        {
            CoroutineScheduler.Current.Post(() => throw new InvalidOperationException("post"));
            await Coroutine.Yield();
            await Coroutine.Yield();
        });
        Assert.StartsWith("MESSAGE=a callback failed: post\nPRIORITY=3\n", Assert.Single(_journal.Take()), StringComparison.Ordinal);
        _run.Reports.Expect("callback of nobody: post");
    }

    [Fact]
    public void A_heartbeat_is_an_entry_when_it_is_overdue_and_one_when_it_came_again()
    {
        using ServiceProgram program = new() { WatchdogTimeout = TimeSpan.FromSeconds(3), Journal = Writer };
        program.Run(async () =>
        {
            using Heartbeat beat = Heartbeat.Expect("sensor", VirtualRun.Seconds(1.5));
            await Bodies.SleepFor(4.5);
            beat.Beat();
            await Bodies.SleepFor(1);
        });
        string[] entries = _journal.Take();
        Assert.Equal(2, entries.Length);
        Assert.Matches(@"(?s)^MESSAGE=heartbeat 'sensor' of coroutine 'main' .*PRIORITY=2\n.*HEARTBEAT=sensor\nCOROUTINE=main\nSPAWNED_AT=main\.cs:1\n$", entries[0]);
        Assert.StartsWith("MESSAGE=heartbeat 'sensor' has come again.\nPRIORITY=5\n", entries[1], StringComparison.Ordinal);
    }

    [Fact]
    public void An_observer_of_the_programs_that_fails_is_an_entry_too()
    {
        int code = CoroutineProgram.Run(
            () => Coroutine.Spawn(() => Task.CompletedTask).JoinAsync().AsTask(),
            new ProgramReports(new SchedulerOptions { Clock = _run.Clock, Observer = new Failing() }, Writer, "main.cs:1"),
            () => new ServiceEnvironment(null, null, null, null),
            "main.cs",
            1);
        Assert.Equal(0, code);
        Assert.StartsWith("MESSAGE=the observer Failing failed: blind\nPRIORITY=3\n", Assert.Single(_journal.Take()), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_journal_nothing_is_changed()
    {
        SchedulerOptions options = new();
        Assert.Same(options, new ProgramReports(options, new JournalWriter(null, null, "test"), "here:1").Options);
        Assert.Null(new ProgramReports(null, new JournalWriter(null, null, "test"), "here:1").Options);
    }

    [Fact]
    public void What_the_program_has_its_errors_written_to_it_keeps()
    {
        Assert.Same(_run.Errors, new ProgramReports(_run.Options, Writer, "here:1").Options!.ErrorOutput);
        Assert.Same(TextWriter.Null, new ProgramReports(new SchedulerOptions { ErrorOutput = Console.Error }, Writer, "here:1").Options!.ErrorOutput);
        Assert.Same(TextWriter.Null, new ProgramReports(null, Writer, "here:1").Options!.ErrorOutput);
    }

    private JournalWriter Writer => new(new JournalSocket(_sender.TrySend, message => _sender.TrySendAsFile(message)), TextWriter.Null, "test");

    private int Run(Func<Task> main)
        => CoroutineProgram.Run(main, new ProgramReports(_run.Options, Writer, "main.cs:1"), () => new ServiceEnvironment(null, null, null, null), "main.cs", 1);

    private sealed class Failing : SchedulerObserver
    {
        public override void OnEnded(Coroutine coroutine)
        {
            if (coroutine.Name != "main")
                throw new InvalidOperationException("blind");
        }
    }
}
