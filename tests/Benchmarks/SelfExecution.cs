using System.Diagnostics;

namespace Benchmarks;

/// <summary>This program once more, in a process of its own.</summary>
internal static class SelfExecution
{
    internal static Process Start(IEnumerable<string> arguments)
    {
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("The system does not say which program this is.");
        ProcessStartInfo info = new(program) { RedirectStandardOutput = true };
        // Started as "dotnet Benchmarks.dll": the program is the host.
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            info.ArgumentList.Add("exec");
            info.ArgumentList.Add(typeof(SelfExecution).Assembly.Location);
        }

        foreach (string argument in arguments)
            info.ArgumentList.Add(argument);
        return Process.Start(info) ?? throw new InvalidOperationException($"{program} has not started.");
    }
}
