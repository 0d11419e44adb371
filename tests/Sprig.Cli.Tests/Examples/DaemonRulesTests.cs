using Sprig.Cli.Examples;
using Xunit;

namespace Sprig.Cli.Tests.Examples;

public class DaemonRulesTests
{
    [Fact]
    public void The_time_line_tells_who_ended_when_and_why()
    {
        Captured run = new();
        Assert.Equal(0, new DaemonRules(run.Output).Run(run.Options));
        Assert.Equal("""
            when   who                  rule              how it ended, and why
            0.1 s  greeter              UntilWorkEnds     Completed: its body has returned
            0.2 s  main                 NotDaemon         Completed: its body has returned
            0.2 s  blinker              UntilMainReturns  Killed: main has ended
            0.2 s  blinker's child      UntilMainReturns  Killed: main has ended
            0.4 s  worker               NotDaemon         Completed: its body has returned
            0.4 s  logger               (killed; saves its log before it ends, which takes 0.1 s)
            0.4 s  logger's child       UntilWorkEnds     Killed: main and the worker have ended
            0.5 s  logger               UntilWorkEnds     Killed: main and the worker have ended

            """, run.Text);
        Assert.Empty(run.Error.ToString());
    }

    [Fact]
    public void Who_ends_when_does_not_hang_on_the_order_in_which_coroutines_run()
    {
        Captured first = new();
        new DaemonRules(first.Output).Run(first.Options);
        for (int seed = 0; seed < 200; seed++)
        {
            Captured run = new(seed);
            new DaemonRules(run.Output).Run(run.Options);
            Assert.Equal(first.Lines.Order(), run.Lines.Order());
        }
    }
}
