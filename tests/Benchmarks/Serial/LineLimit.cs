using System.ComponentModel;
using System.Diagnostics;

namespace Benchmarks.Serial;

/// <summary>Limits/lines.c, compiled where this machine has gcc.</summary>
internal static class LineLimit
{
    /// <summary>The program; null where there is no compiler.</summary>
    internal static string? Build()
    {
        string program = Path.Combine(Path.GetTempPath(), $"lines-limit-{Environment.ProcessId}");
        try
        {
            using Process compiler = Process.Start("gcc", ["-O2", "-o", program, Path.Combine(AppContext.BaseDirectory, "Limits", "lines.c")]);
            compiler.WaitForExit();
            return compiler.ExitCode == 0 ? program : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
