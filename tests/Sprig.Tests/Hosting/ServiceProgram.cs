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

    internal JournalWriter? Journal { get; init; }

    internal SchedulerOptions Options => new() { Clock = Clock, ErrorOutput = Errors };

    internal int Run(Func<Task> main)
        => Run(main, () => new ServiceEnvironment(HasManager ? Manager.Address : null, WatchdogTimeout, null, null));

    internal int Run(Func<Task> main, Func<ServiceEnvironment> takeEnvironment)
        => CoroutineProgram.Run(main, new ProgramReports(Options, Journal ?? new JournalWriter(null, null, "test"), "main.cs:1"), takeEnvironment, "main.cs", 1);

    public void Dispose() => Manager.Dispose();
}

[CollectionDefinition(ServiceProgram.Name)]
public sealed class ServiceProgramDefinition;
