using System.CommandLine;
using Sprig.Scheduling;

namespace Sprig.Cli.Examples;

/// <summary><c>sprig example NAME</c>: the examples and their options; without a name it lists them.</summary>
internal static class ExampleCommand
{
    private static readonly string[] s_cures = ["ordered", "reentrant", "waiter"];
    private static readonly SchedulerOptions s_run = new();

    internal static Command Create()
    {
        Command example = new("example", "Small programs, each of which shows one concept; without a name: lists them.")
        {
            Philosophers(), Counter(), Daemons(), ProducersAndConsumers(), Sleeps(), Pool(), Switches(),
        };
        example.SetAction(_ => List(example));
        return example;
    }

    private static void List(Command example)
    {
        foreach (Command one in example.Subcommands)
            Console.WriteLine($"sprig example {one.Name,-18} {one.Description}");
    }

    private static Command Philosophers()
    {
        Option<string?> solve = new("--solve") { Description = "The cure; without one it ends in a deadlock, exit code 3." };
        Restrict(solve, cure => s_cures.Contains(cure), "ordered, reentrant or waiter");
        Option<int> philosophers = Number("--philosophers", "How many dine.", 5, 2, 100);
        Option<int> meals = Number("--meals", "How often each is to eat.", 3, 1, 1000);
        Command command = new("philosophers", "The dining philosophers: a deadlock, how it is reported, and three cures.")
        {
            solve, philosophers, meals,
        };
        command.SetAction(parsed => new DiningPhilosophers(
            Console.Out,
            Console.Error,
            parsed.GetValue(philosophers),
            parsed.GetValue(meals),
            parsed.GetValue(solve)).Run(s_run));
        return command;
    }

    private static Command Counter()
    {
        Option<int> coroutines = Number("--coroutines", "How many count at once.", 10, 1, 10_000);
        Option<int> rounds = Number("--rounds", "How often each adds 1.", 1000, 1, 1_000_000);
        Command command = new("counter", "What needs a lock on one thread, and what does not.") { coroutines, rounds };
        command.SetAction(parsed => new LostUpdates(
            Console.Out,
            parsed.GetValue(coroutines),
            parsed.GetValue(rounds)).Run(s_run));
        return command;
    }

    private static Command Daemons()
    {
        Command command = new("daemons", "Both daemon rules side by side: who ends when, and why.");
        command.SetAction(_ => new DaemonRules(Console.Out).Run(s_run));
        return command;
    }

    private static Command ProducersAndConsumers()
    {
        Option<int> items = Number("--items", "How many items go through the queue.", 1000, 1, 10_000_000);
        Option<int> capacity = Number("--capacity", "How many the queue holds; 0: without bound.", 5, 0, 1_000_000);
        Option<int> producers = Number("--producers", "How many coroutines put.", 2, 1, 10_000);
        Option<int> consumers = Number("--consumers", "How many coroutines take.", 3, 1, 10_000);
        Command command = new("producer-consumer", "A full queue makes the producers wait; nothing is lost or taken twice.")
        {
            items, capacity, producers, consumers,
        };
        command.SetAction(parsed => new ProducerConsumer(
            Console.Out,
            parsed.GetValue(items),
            parsed.GetValue(capacity),
            parsed.GetValue(producers),
            parsed.GetValue(consumers)).Run(s_run));
        return command;
    }

    private static Command Sleeps()
    {
        Option<int> count = Number("--count", "How many sleeps.", 10, 1, 100_000);
        Option<double> seconds = new("--seconds") { Description = "How long each is.", DefaultValueFactory = _ => 1 };
        Restrict(seconds, value => value is >= 0 and <= 3600, "a number of seconds, 0 to 3600");
        Command command = new("sleeps", "Ten sleeps one after the other, against ten coroutines at once.") { count, seconds };
        command.SetAction(parsed => new ManySleeps(
            Console.Out,
            parsed.GetValue(count),
            TimeSpan.FromSeconds(parsed.GetValue(seconds))).Run(s_run));
        return command;
    }

    private static Command Pool()
    {
        Option<int> size = Number("--size", "How many jobs run at once.", 2, 1, 1000);
        Command command = new("pool", "A pool's results, in the order of the jobs and as they come; an error in its place.")
        {
            size,
        };
        command.SetAction(parsed => new PoolMap(Console.Out, parsed.GetValue(size)).Run(s_run));
        return command;
    }

    private static Command Switches()
    {
        Command command = new("switch", "Bodies that hand control to each other: a generator, a state machine, ping-pong.");
        command.SetAction(_ => new DirectSwitches(Console.Out).Run(s_run));
        return command;
    }

    private static Option<int> Number(string name, string description, int usual, int least, int most)
    {
        Option<int> option = new(name) { Description = description, DefaultValueFactory = _ => usual };
        Restrict(option, value => value >= least && value <= most, $"a number from {least} to {most}");
        return option;
    }

    private static void Restrict<T>(Option<T> option, Func<T?, bool> isRight, string wanted)
        => option.Validators.Add(OptionRules.Check(option, isRight, wanted));
}
