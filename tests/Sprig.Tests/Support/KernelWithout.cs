using System.Runtime.InteropServices;

namespace Sprig.Tests.Support;

/// <summary>Runs code on a thread of its own for which the kernel refuses a system call, as an older kernel or a container's
/// sandbox does (a seccomp filter). No other thread notices, and no privilege is needed.</summary>
internal static class KernelWithout
{
    internal const int EpollPwait2 = 441;
    private const int SetNoNewPrivileges = 38;
    private const int SetSeccomp = 22;
    private const nint FilterMode = 2;
    private const ushort LoadWord = 0x20;
    private const ushort JumpIfEqual = 0x15;
    private const ushort Return = 0x06;
    private const uint AnswerErrno = 0x0005_0000;
    private const uint Allow = 0x7FFF_0000;

    /// <summary>The number of epoll_ctl on this machine.</summary>
    internal static int EpollControl => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 233,
        Architecture.Arm64 => 21,
        _ => 251,
    };

    internal static T Run<T>(Func<T> action, params (int Call, int Errno)[] refused)
    {
        T? result = default;
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                Install(refused);
                result = action();
            }
#pragma warning disable CA1031 // Whatever it is, it belongs to the test's own thread.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        return result!;
    }

    private static void Install((int Call, int Errno)[] refused)
    {
        // The number of the call stands at 0 of what a filter sees.
        List<Instruction> program = [new(LoadWord, 0, 0, 0)];
        foreach ((int call, int errno) in refused)
        {
            program.Add(new(JumpIfEqual, 0, 1, (uint)call));
            program.Add(new(Return, 0, 0, AnswerErrno | (uint)errno));
        }

        program.Add(new(Return, 0, 0, Allow));
        GCHandle pinned = GCHandle.Alloc(program.ToArray(), GCHandleType.Pinned);
        GCHandle header = GCHandle.Alloc(new Program { Length = (ushort)program.Count, Instructions = pinned.AddrOfPinnedObject() }, GCHandleType.Pinned);
        try
        {
            NativeCalls.Require(NativeCalls.Control(SetNoNewPrivileges, 1, 0, 0, 0), "prctl no_new_privs");
            NativeCalls.Require(NativeCalls.Control(SetSeccomp, (nuint)FilterMode, header.AddrOfPinnedObject(), 0, 0), "prctl seccomp");
        }
        finally
        {
            header.Free();
            pinned.Free();
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Instruction(ushort code, byte ifTrue, byte ifFalse, uint operand)
    {
        private readonly ushort _code = code;
        private readonly byte _ifTrue = ifTrue;
        private readonly byte _ifFalse = ifFalse;
        private readonly uint _operand = operand;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Program
    {
        internal ushort Length;
        internal nint Instructions;
    }
}
