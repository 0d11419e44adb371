using Sprig.Hosting;
using Sprig.Scheduling;

namespace Sprig.Cli.Examples;

/// <summary><c>sprig example switch</c>: bodies that hand control and a value to each other directly, as greenlets do; what they
/// know is where they are in their code. A generator that recurses, a state machine, and two that play ping-pong.</summary>
/// <param name="output">For what they hand out.</param>
internal sealed class DirectSwitches(TextWriter output)
{
    private static readonly string[] s_actions = ["push", "coin", "coin", "push", "push"];

    /// <summary>Runs it; gives the exit code.</summary>
    internal int Run(SchedulerOptions options) => CoroutineProgram.Run(MainAsync, options);

    private async Task MainAsync()
    {
        await GeneratorAsync();
        await StateMachineAsync();
        await PingPongAsync();
    }

    /// <summary>Hands out one value a switch; its caller is the loop. Unlike with "yield return", a method that it calls, however
    /// deep, may hand out the next.</summary>
    private async Task GeneratorAsync()
    {
        SymmetricCoroutine<bool, string?> moves = new(async (self, _) =>
        {
            await MoveTowerAsync(self, 3, "left", "right", "middle");
            return null;
        });
        output.WriteLine("Generator: three discs of the towers of Hanoi go from left to right.");
        while (await moves.Switch(true) is { } move)
            output.WriteLine($"  {move}");
    }

    private static async Task MoveTowerAsync(SymmetricCoroutine<bool, string?> self, int disc, string from, string to, string by)
    {
        if (disc == 0)
            return;
        await MoveTowerAsync(self, disc - 1, from, by, to);
        await self.SwitchBack($"disc {disc} from {from} to {to}");
        await MoveTowerAsync(self, disc - 1, by, to, from);
    }

    /// <summary>A turnstile. It has no field for its state: that is the line at which it waits for the next action.</summary>
    private async Task StateMachineAsync()
    {
        SymmetricCoroutine<string, string> turnstile = new(async (self, action) =>
        {
            while (true)
            {
                while (action != "coin")
                    action = await self.SwitchBack("locked");
                while (action != "push")
                    action = await self.SwitchBack("unlocked");
                action = await self.SwitchBack("one person passes; locked");
            }
        });
        output.WriteLine("State machine: a turnstile.");
        foreach (string action in s_actions)
            output.WriteLine($"  {action}: {await turnstile.Switch(action)}");
        // Its loop has no end; this unwinds it.
        await turnstile.DisposeAsync();
    }

    /// <summary>Two of the same rank: each switches to the other, none is the other's caller. The one that ends gives its result
    /// to its parent: the one that made it.</summary>
    private async Task PingPongAsync()
    {
        SymmetricCoroutine<int, int> pong = null!;
        SymmetricCoroutine<int, int> ping = new(async (_, stroke) =>
        {
            while (stroke < 5)
            {
                output.WriteLine($"  stroke {stroke}: ping");
                stroke = await pong.Switch(stroke + 1);
            }

            return stroke;
        });
        pong = new(async (_, stroke) =>
        {
            while (true)
            {
                output.WriteLine($"  stroke {stroke}: pong");
                stroke = await ping.Switch(stroke + 1);
            }
        });
        output.WriteLine("Two that switch to each other:");
        output.WriteLine($"  ping leaves the table at stroke {await ping.Switch(1)}");
        await pong.DisposeAsync();
    }
}
