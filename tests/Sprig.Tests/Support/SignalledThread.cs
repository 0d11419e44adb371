using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Sprig.Tests.Support;

/// <summary>A thread that blocks in a system call while real signals come. The handler is installed without SA_RESTART, so
/// that the kernel answers EINTR; it is a function of the C library that does nothing (abs), so no managed code runs in it.</summary>
internal sealed class SignalledThread<T>
{
    // SIGURG is ignored where it has no handler: a late one harms nobody.
    private const int Signal = 23;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly int s_futex = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 202,
        Architecture.Arm64 => 98,
        _ => 240,
    };

    private readonly Thread _thread;
    private readonly ManualResetEventSlim _started = new();
    private string _path = "";
    private int _number;
    private T? _result;
    private Exception? _failure;

    internal SignalledThread(Func<T> blockingCall)
    {
        InstallHandler();
        _thread = new Thread(() => Run(blockingCall)) { IsBackground = true };
        _thread.Start();
        _started.Wait();
    }

    internal bool HasReturned => _thread.Join(0);

    /// <summary>Sends one signal to the sleeping thread, and waits until it has woken from it: until it sleeps anew, or has
    /// returned.</summary>
    internal void Interrupt()
    {
        WaitUntil(() => IsAsleep || HasReturned);
        if (HasReturned)
            return;
        long sleeps = Sleeps;
        _ = NativeCalls.Signal(Environment.ProcessId, _number, Signal);
        WaitUntil(() => HasReturned || (Sleeps > sleeps && IsAsleep));
    }

    /// <summary>Sends signals until the call has returned: the first may come while the thread is still on its way into it.</summary>
    internal T InterruptUntilReturned()
    {
        long start = Stopwatch.GetTimestamp();
        while (!HasReturned && Stopwatch.GetElapsedTime(start) < s_patience)
            Interrupt();
        return Join();
    }

    internal void WaitUntilAsleep() => WaitUntil(() => IsAsleep || HasReturned);

    internal T Join()
    {
        if (!_thread.Join(s_patience))
            throw new TimeoutException("The call has not returned.");
        return _failure is null ? _result! : throw new InvalidOperationException("The call threw.", _failure);
    }

    // The kernel counts how often a thread has gone to sleep of its own will: each interrupted and repeated call adds one.
    private long Sleeps => long.Parse(Field("voluntary_ctxt_switches:"), CultureInfo.InvariantCulture);

    // Not in a lock: on its way into the call the thread may wait for the compiler, and signals that hit it there prove nothing.
    private bool IsAsleep => Field("State:").StartsWith('S') && !IsInFutex;

    // The file starts with the number of the call that the thread is in.
    private bool IsInFutex
    {
        get
        {
            try
            {
                return File.ReadAllText(Path.Combine(_path, "syscall")).StartsWith($"{s_futex} ", StringComparison.Ordinal);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    private string Field(string name)
    {
        try
        {
            string? found = File.ReadLines(Path.Combine(_path, "status")).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
            return found?[name.Length..].Trim() ?? "0";
        }
        catch (IOException)
        {
            // It has ended, and its directory in /proc with it.
            return "0";
        }
    }

    private void Run(Func<T> blockingCall)
    {
        // "process/task/thread", as the kernel numbers them.
        string self = new FileInfo("/proc/thread-self").LinkTarget!;
        _path = $"/proc/{self}";
        _number = int.Parse(self.Split('/')[^1], CultureInfo.InvariantCulture);
        _started.Set();
        try
        {
            _result = blockingCall();
        }
#pragma warning disable CA1031 // Whatever it is, it belongs to the test's own thread.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failure = e;
        }
    }

    private static void InstallHandler()
    {
        nint nothing = NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "abs");
        if (NativeCalls.SetHandler(Signal, nothing) == -1)
            throw new InvalidOperationException("signal failed");
        NativeCalls.Require(NativeCalls.InterruptCalls(Signal, 1), "siginterrupt");
    }

    private static void WaitUntil(Func<bool> condition)
    {
        if (!SpinWait.SpinUntil(condition, s_patience))
            throw new TimeoutException("The thread did not get there.");
    }
}
