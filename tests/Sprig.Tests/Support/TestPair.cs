using System.Runtime.InteropServices;
using Sprig.Linux;

namespace Sprig.Tests.Support;

/// <summary>Two connected descriptors: a pipe (this end reads, the other writes) or a pair of sockets (both do both).
/// Closes what the test has left open.</summary>
internal sealed class TestPair : IDisposable
{
    private readonly FileDescriptor _near;
    private readonly FileDescriptor _far;

    private TestPair(int near, int far)
    {
        _near = new FileDescriptor(near);
        _far = new FileDescriptor(far);
    }

    internal int Near => _near.Number;

    internal int Far => _far.Number;

    internal static TestPair Pipe()
    {
        Span<int> ends = stackalloc int[2];
        NativeCalls.Require(Syscall.Pipe(ends), "pipe");
        return new TestPair(ends[0], ends[1]);
    }

    internal static TestPair BlockingPipe()
    {
        NativeCalls.FileNumbers ends = NativeCalls.BlockingPipe();
        return new TestPair(ends.First, ends.Second);
    }

    internal static TestPair Sockets()
    {
        NativeCalls.FileNumbers ends = NativeCalls.SocketPair();
        return new TestPair(ends.First, ends.Second);
    }

    /// <summary>Puts bytes in at the far end, so that the near one becomes readable.</summary>
    internal void Send(int count = 1)
    {
        int written = Syscall.Write(_far.Number, new byte[count]);
        if (written != count)
            throw new InvalidOperationException($"write answered {written}, not {count}");
    }

    internal int ReceiveAtNear(int capacity = 64) => Syscall.Read(_near.Number, stackalloc byte[capacity]);

    internal int ReceiveAtFar(int capacity = 64) => Syscall.Read(_far.Number, stackalloc byte[capacity]);

    /// <summary>Writes until the kernel's buffer is full, and says how many bytes went in.</summary>
    internal static int Fill(int fd)
    {
        byte[] chunk = new byte[4096];
        int total = 0;
        int written;
        while ((written = Syscall.Write(fd, chunk)) > 0)
            total += written;
        if (written != -Errno.EAGAIN)
            throw new InvalidOperationException($"write answered {written}, not EAGAIN: {Marshal.GetLastPInvokeErrorMessage()}");
        return total;
    }

    /// <summary>Reads until EAGAIN, and says how many bytes there were.</summary>
    internal static int Drain(int fd)
    {
        byte[] chunk = new byte[4096];
        int total = 0;
        int read;
        while ((read = Syscall.Read(fd, chunk)) > 0)
            total += read;
        return total;
    }

    internal void CloseNear() => _near.Dispose();

    internal void CloseFar() => _far.Dispose();

    public void Dispose()
    {
        _near.Dispose();
        _far.Dispose();
    }
}
