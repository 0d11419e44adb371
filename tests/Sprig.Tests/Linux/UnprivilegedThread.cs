using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Sprig.Tests.Linux;

/// <summary>Runs code as nobody: the kernel keeps credentials per thread, and only the C library spreads a change to all.
/// Where the tests run without privileges already, it just runs it.</summary>
internal static class UnprivilegedThread
{
    private const nint Nobody = 65534;

    internal static void Run(Action code)
    {
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                if (Environment.IsPrivilegedProcess)
                    BecomeNobody();
                code();
            }
#pragma warning disable CA1031 // Whatever it is belongs to the caller.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    private static void BecomeNobody()
    {
        nint setResUid = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 117,
            Architecture.Arm64 => 147,
            Architecture.Arm => 208,
            _ => throw new PlatformNotSupportedException(),
        };
        if (SystemCall(setResUid, Nobody, Nobody, Nobody) != 0)
            throw new InvalidOperationException("setresuid failed.");
    }

    [DllImport("libc", EntryPoint = "syscall")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint SystemCall(nint number, nint real, nint effective, nint saved);
}
