using Sprig.Hosting;
using Sprig.Scheduling;
using Sprig.Testing;
using Sprig.Tests.Support;
using Xunit;

namespace Sprig.Tests.Hosting;

/// <summary>A program in virtual time under a service manager that takes down what it is told. One at a time: a process is one service.</summary>
internal sealed class ServiceProgram : IDisposable
{
    internal const string Name = "the service of the process";

    internal DatagramReceiver Manager { get; } = new(isAbstract: true);

    internal TestClock Clock { get; } = new();

    internal StringWriter Errors { get; } = new();

    internal TimeSpan? WatchdogTimeout { get; init; }

    internal bool HasManager { get; init; } = true;

    internal SchedulerOptions Options => new() { Clock = Clock, ErrorOutput = Errors };

    internal int Run(Func<Task> main)
        => CoroutineProgram.Run(main, Options, () => new ServiceEnvironment(HasManager ? Manager.Address : null, WatchdogTimeout, null, TimeSpan.Zero), "main.cs", 1);

    public void Dispose() => Manager.Dispose();
}

[CollectionDefinition(ServiceProgram.Name)]
public sealed class ServiceProgramDefinition;
