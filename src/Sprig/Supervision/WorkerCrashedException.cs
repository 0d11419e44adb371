namespace Sprig.Supervision;

/// <summary>The worker process has ended in the middle of the work, or could not begin it. The next work gets a new one.</summary>
public sealed class WorkerCrashedException : ProcessPoolException
{
    /// <summary>Shells and the class library say it so when a signal has ended a process.</summary>
    private const int SignalBase = 128;
    private const int LastSignal = 64;

    private const string Cure = "Does the program call ProcessWorker.ServeIfAsked near the top of Main, before it prints anything?";

    private WorkerCrashedException(string entry, int? exitCode, string message, Exception? inner)
        : base(entry, message, inner) => ExitCode = exitCode;

    /// <summary>The process's exit code, 128 + n when signal n ended it; null when it went on and was killed therefore.</summary>
    public int? ExitCode { get; }

    /// <summary>The number of the signal that ended it (9: SIGKILL, 6: SIGABRT, 11: SIGSEGV); null when it exited.</summary>
    public int? Signal => SignalOf(ExitCode);

    internal static WorkerCrashedException InTheMiddle(string entry, int? exitCode, Exception inner)
        => new(entry, exitCode, $"The worker process of '{entry}' did not finish: {DescribeEnd(exitCode)}.", inner);

    internal static WorkerCrashedException BeforeServing(string entry, int? exitCode, Exception inner)
        => new(entry, exitCode, $"The worker process for '{entry}' did not serve: {DescribeEnd(exitCode)}. {Cure}", inner);

    internal static WorkerCrashedException Printed(string entry, string what)
        => new(entry, null, $"The worker process for '{entry}' did not serve but printed '{what.ReplaceLineEndings(" ")}'. {Cure}", null);

    internal static WorkerCrashedException Silent(string entry, TimeSpan timeout)
        => new(entry, null, $"The worker process for '{entry}' did not serve within {timeout}. {Cure}", null);

    private static int? SignalOf(int? exitCode) => exitCode is > SignalBase and <= SignalBase + LastSignal ? exitCode - SignalBase : null;

    private static string DescribeEnd(int? exitCode)
        => exitCode is null ? "it broke off the talk, and was killed"
            : SignalOf(exitCode) is { } signal ? $"signal {signal} ended it (exit code {exitCode})"
            : $"it exited with code {exitCode}";
}
