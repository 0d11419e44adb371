using Xunit;

namespace Sprig.Programs.Tests;

/// <summary>What belongs to the process: its console, its environment, and its time for children. One test after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public class ProcessCollection
{
    internal const string Name = "process";
}
