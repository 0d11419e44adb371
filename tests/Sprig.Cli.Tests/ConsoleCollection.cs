using Xunit;

namespace Sprig.Cli.Tests;

/// <summary>Tests that redirect the process's console or count its descriptors: one at a time, and alone.</summary>
[CollectionDefinition(nameof(ConsoleCollection), DisableParallelization = true)]
public class ConsoleCollection;
