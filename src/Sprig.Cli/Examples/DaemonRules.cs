using System.Globalization;
using Sprig.Hosting;
using Sprig.Scheduling;

namespace Sprig.Cli.Examples;

/// <summary><c>sprig example daemons</c>: coroutines for which the run waits, and daemons of both rules, side by side. As the
/// observer of its own run it prints who ends when, and why.</summary>
/// <param name="output">For the time line.</param>
internal sealed class DaemonRules(TextWriter output) : SchedulerObserver
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);
    private MonotonicTime _start;

    /// <summary>Runs it; gives the exit code.</summary>
    internal int Run(SchedulerOptions options) => CoroutineProgram.Run(MainAsync, options with { Observer = this });

    public override void OnEnded(Coroutine coroutine)
        => Say($"{coroutine.Name,-20} {coroutine.Daemon,-17} {coroutine.State}: {WhyEnded(coroutine)}");

    private async Task MainAsync()
    {
        _start = MonotonicTime.Now;
        output.WriteLine($"when   {"who",-20} {"rule",-17} how it ended, and why");
        Spawn("worker", DaemonRule.NotDaemon, () => WorkAsync(4));
        Spawn("blinker", DaemonRule.UntilMainReturns, ForeverAsync);
        Spawn("logger", DaemonRule.UntilWorkEnds, LogAsync);
        Spawn("greeter", DaemonRule.UntilWorkEnds, () => WorkAsync(1));
        await WorkAsync(2);
    }

    /// <summary>Ends by itself, after so many steps of time.</summary>
    private static async Task WorkAsync(int steps) => await Coroutine.Sleep(s_step * steps);

    /// <summary>Never ends by itself. Neither do its children: as those of a daemon they are daemons of the same rule, unless
    /// they say otherwise.</summary>
    private static async Task ForeverAsync()
    {
        Spawn($"{Coroutine.Current.Name}'s child", null, async () => await Coroutine.Sleep(Timeout.InfiniteTimeSpan));
        while (true)
            await Coroutine.Sleep(s_step);
    }

    /// <summary>A kill is an exception in the coroutine's wait: finally blocks run, and may wait themselves; the run waits for
    /// them, up to a grace time.</summary>
    private async Task LogAsync()
    {
        try
        {
            await ForeverAsync();
        }
        finally
        {
            Say("logger               (killed; saves its log before it ends, which takes 0.1 s)");
            await Coroutine.Sleep(s_step);
        }
    }

    private static void Spawn(string name, DaemonRule? daemon, Func<Task> body)
        => _ = Coroutine.Spawn(body, new SpawnOptions { Name = name, Daemon = daemon });

    private static string WhyEnded(Coroutine coroutine) => (coroutine.State, coroutine.Daemon) switch
    {
        (CoroutineState.Killed, DaemonRule.UntilMainReturns) => "main has ended",
        (CoroutineState.Killed, DaemonRule.UntilWorkEnds) => "main and the worker have ended",
        (CoroutineState.Killed, _) => "by a signal",
        _ => "its body has returned",
    };

    private void Say(string what)
    {
        double seconds = (MonotonicTime.Now - _start).TotalSeconds;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s  {what}"));
    }
}
