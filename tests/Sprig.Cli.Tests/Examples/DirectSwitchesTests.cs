using Sprig.Cli.Examples;
using Xunit;

namespace Sprig.Cli.Tests.Examples;

public class DirectSwitchesTests
{
    [Fact]
    public void Each_goes_on_where_it_was()
    {
        Captured run = new();
        Assert.Equal(0, new DirectSwitches(run.Output).Run(run.Options));
        Assert.Equal("""
            Generator: three discs of the towers of Hanoi go from left to right.
              disc 1 from left to right
              disc 2 from left to middle
              disc 1 from right to middle
              disc 3 from left to right
              disc 1 from middle to left
              disc 2 from middle to right
              disc 1 from left to right
            State machine: a turnstile.
              push: locked
              coin: unlocked
              coin: unlocked
              push: one person passes; locked
              push: locked
            Two that switch to each other:
              stroke 1: ping
              stroke 2: pong
              stroke 3: ping
              stroke 4: pong
              ping leaves the table at stroke 5

            """, run.Text);
        Assert.Empty(run.Error.ToString());
        Assert.Equal(TimeSpan.Zero, run.Clock.Elapsed);
    }
}
