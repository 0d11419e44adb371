using System.Runtime.InteropServices;

namespace Sprig.Linux;

/// <summary>A signal that ends a thread's sleep in the kernel, and does nothing else: its handler is a function of the C library that
/// changes nothing (abs), so that no managed code runs in it.</summary>
internal static unsafe class ThreadSignal
{
    // The C library keeps 32 and 33 for itself, and the runtime uses 34.
    private const int First = 35;
    private const int Last = 64;

    /// <summary>struct sigaction of glibc and musl: handler, a mask of 128 bytes, flags, restorer.</summary>
    private const int ActionSize = 160;
    private const int MaskSize = 128;
    private const int Unblock = 1;
    private static readonly Lock s_gate = new();
    private static int s_number;

    /// <summary>Makes sure that there is one, before a thread relies on it.</summary>
    /// <exception cref="InvalidOperationException">None is free.</exception>
    internal static void Prepare() => _ = Install();

    /// <summary>The number of the calling thread, for <see cref="Send"/>. From now on the signal reaches it.</summary>
    internal static int Expect()
    {
        int number = Install();
        byte* mask = stackalloc byte[MaskSize];
        new Span<byte>(mask, MaskSize).Clear();
        mask[(number - 1) / 8] = (byte)(1 << ((number - 1) % 8));
        _ = Libc.ThreadSignalMask(Unblock, mask, null);
        return Libc.GetThreadId();
    }

    /// <summary>Wakes a thread of this process; one that is not asleep in the kernel notices nothing.</summary>
    internal static void Send(int thread) => _ = Libc.SignalThread(Environment.ProcessId, thread, Install());

    /// <summary>The first from the top that nobody in this process has a use for.</summary>
    private static int Install()
    {
        if (Volatile.Read(ref s_number) is not 0 and var installed)
            return installed;
        lock (s_gate)
        {
            byte* action = stackalloc byte[ActionSize];
            for (int number = Last; number >= First && s_number == 0; number--)
            {
                if (Syscall.Check(Libc.SignalAction(number, null, action)) < 0 || new ReadOnlySpan<byte>(action, sizeof(nint)).ContainsAnyExcept((byte)0))
                    continue;
                // No SA_RESTART among the flags: the call that sleeps is to answer EINTR.
                new Span<byte>(action, ActionSize).Clear();
                *(nint*)action = NativeLibrary.GetExport(NativeLibrary.Load("libc", typeof(ThreadSignal).Assembly, null), "abs");
                if (Syscall.Check(Libc.SignalAction(number, action, null)) >= 0)
                    Volatile.Write(ref s_number, number);
            }

            return s_number != 0 ? s_number
                : throw new InvalidOperationException("All real-time signals of this process are taken; none is left to wake a thread with.");
        }
    }
}
