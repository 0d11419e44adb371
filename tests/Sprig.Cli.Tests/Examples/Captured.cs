using Sprig.Scheduling;
using Sprig.Testing;

namespace Sprig.Cli.Tests.Examples;

/// <summary>One run of an example in virtual time: what it says, and what it says of errors.</summary>
internal sealed class Captured
{
    internal Captured(int? seed = null)
        => Options = new SchedulerOptions { Clock = Clock, RandomSeed = seed, ErrorOutput = Error };

    internal TestClock Clock { get; } = new();

    internal StringWriter Output { get; } = new();

    internal StringWriter Error { get; } = new();

    internal SchedulerOptions Options { get; }

    internal string Text => Output.ToString();

    internal string[] Lines => Text.TrimEnd('\n').Split('\n');
}
