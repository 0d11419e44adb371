using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>Random programs of symmetric coroutines, against a model of who must have control next, with what.</summary>
public class SymmetricModelTests
{
    private const int Seeds = 400;

    [Fact]
    public async Task Random_programs_outside_of_coroutines_do_what_the_model_says()
    {
        for (int seed = 0; seed < Seeds; seed++)
            await new RandomSwitching(seed, mayWait: false).RunAsync();
    }

    [Fact]
    public void Random_programs_in_three_coroutines_at_once_do_what_the_model_says()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            int first = 3 * seed;
            new VirtualRun().Run(() => Coroutine.JoinAll(
                [.. Enumerable.Range(first, 3).Select(one => Coroutine.Spawn(new RandomSwitching(one, mayWait: true).RunAsync))],
                raiseError: true));
        }
    }
}
