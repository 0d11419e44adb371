using System.Runtime.InteropServices;

namespace Sprig.Tests.Support;

/// <summary>What the tests need of the C library and the product does not: limits, signals, pairs of sockets, duplicates.</summary>
internal static class NativeCalls
{
    internal const int CloseOnExec = 0x80000;
    internal const int NonBlocking = 0x800;
    internal const int GetDescriptorFlags = 1;
    private const int SetStatusFlags = 4;
    private const int UnixFamily = 1;
    private const int StreamType = 1;

    internal static FileNumbers BlockingPipe()
    {
        int[] ends = new int[2];
        Require(Pipe2(ends, CloseOnExec), "pipe2");
        return new FileNumbers(ends[0], ends[1]);
    }

    internal static FileNumbers SocketPair()
    {
        int[] ends = new int[2];
        Require(SocketPair(UnixFamily, StreamType | CloseOnExec | NonBlocking, 0, ends), "socketpair");
        return new FileNumbers(ends[0], ends[1]);
    }

    /// <summary>Says to the other end that nothing more will come (FIN), and keeps the descriptor.</summary>
    internal static void ShutdownWriting(int socket) => Require(Shutdown(socket, 1), "shutdown");

    internal static void Duplicate(int fd, int onto) => Require(Dup3(fd, onto, CloseOnExec), "dup3");

    internal static int Duplicate(int fd)
    {
        int copy = Dup(fd);
        Require(copy, "dup");
        return copy;
    }

    internal static bool IsOpen(int fd) => Flags(fd, GetDescriptorFlags) >= 0;

    internal static int Flags(int fd, int command) => Fcntl(fd, command, 0);

    internal static void SetBlocking(int fd) => Require(Fcntl(fd, SetStatusFlags, 0), "fcntl");

    internal static void Require(int result, string call)
    {
        if (result < 0)
            throw new InvalidOperationException($"{call}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [DllImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static extern nint ReadOnce(int fd, byte[] buffer, nuint count);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static extern int Close(int fd);

    [DllImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    internal static extern int GetLimit(int resource, out ResourceLimit limit);

    [DllImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    internal static extern int SetLimit(int resource, in ResourceLimit limit);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static extern int SignalProcess(int process, int signal);

    [DllImport("libc", EntryPoint = "tgkill", SetLastError = true)]
    internal static extern int Signal(int process, int thread, int signal);

    [DllImport("libc", EntryPoint = "signal", SetLastError = true)]
    internal static extern nint SetHandler(int signal, nint handler);

    [DllImport("libc", EntryPoint = "siginterrupt", SetLastError = true)]
    internal static extern int InterruptCalls(int signal, int flag);

    [DllImport("libc", EntryPoint = "prctl", SetLastError = true)]
    internal static extern int Control(int option, nuint argument2, nint argument3, nuint argument4, nuint argument5);

    [DllImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static extern int Fcntl(int fd, int command, nint argument);

    [DllImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static extern int Dup(int fd);

    [DllImport("libc", EntryPoint = "dup3", SetLastError = true)]
    private static extern int Dup3(int fd, int onto, int flags);

    [DllImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static extern int Pipe2([Out] int[] ends, int flags);

    [DllImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    private static extern int SocketPair(int family, int type, int protocol, [Out] int[] ends);

    [DllImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    private static extern int Shutdown(int socket, int how);

    internal readonly record struct FileNumbers(int First, int Second);

    internal struct ResourceLimit
    {
        internal nuint Current;
        internal nuint Maximum;
    }
}
