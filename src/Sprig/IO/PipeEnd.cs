using System.Runtime.InteropServices;
using Sprig.Linux;

namespace Sprig.IO;

/// <summary>One end of a pipe: of a child process (the SafePipeHandle of its redirected stream), or this process's own standard
/// input or output. See <see cref="FdStream"/> for the rules.</summary>
/// <remarks>Reading gives 0 when all writers have closed their end; writing throws <see cref="IOException"/> (EPIPE) when all
/// readers have.</remarks>
public sealed class PipeEnd : FdStream
{
    private const int StandardInput = 0;
    private const int StandardOutput = 1;
    private const int StandardError = 2;

    private readonly SafeHandle _handle;
    private readonly FileAccess _access;
    private readonly bool _isTerminal;

    /// <summary>Takes over an open descriptor and makes it non-blocking: use it through this alone from now on.</summary>
    /// <param name="handle">Closed when this is disposed.</param>
    /// <param name="access">Whether it is the reading or the writing end.</param>
    /// <param name="name">What it is, for messages.</param>
    /// <exception cref="ArgumentException">The handle is closed, or the access not of one kind.</exception>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public PipeEnd(SafeHandle handle, FileAccess access, string name = "a pipe")
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(handle);
        if (handle.IsInvalid || handle.IsClosed)
            throw new ArgumentException($"The handle of {name} is closed.", nameof(handle));
        if (access is not (FileAccess.Read or FileAccess.Write))
            throw new ArgumentException("A pipe's end is for reading or for writing.", nameof(access));
        int result = Syscall.SetNonBlocking((int)handle.DangerousGetHandle());
        if (result < 0)
            throw Errno.ToException(-result, "make non-blocking", name);
        _handle = handle;
        _access = access;
        _isTerminal = Termios.Get((int)handle.DangerousGetHandle(), out _) >= 0;
    }

    /// <inheritdoc/>
    public override bool CanRead => _access == FileAccess.Read && base.CanRead;

    /// <inheritdoc/>
    public override bool CanWrite => _access == FileAccess.Write && base.CanWrite;

    // A terminal gives one line at a time, however many were typed or pasted.
    private protected override int MostAtOnce => _isTerminal ? 0 : base.MostAtOnce;

    private protected override int Descriptor
        => _handle.IsClosed ? throw new ObjectDisposedException(Device) : (int)_handle.DangerousGetHandle();

    /// <summary>Takes over this process's standard input, for a protocol: other code, and child processes, find it empty.</summary>
    /// <exception cref="IOException">There is none.</exception>
    public static PipeEnd TakeStandardInput()
    {
        using FileDescriptor nothing = FileDescriptor.FromResult(Syscall.Open("/dev/null", Syscall.OpenReadWrite), "open", "/dev/null");
        return Take(StandardInput, nothing.Number, FileAccess.Read, "standard input");
    }

    /// <summary>Takes over this process's standard output, for a protocol: what other code, or a child process, prints goes to
    /// standard error.</summary>
    /// <remarks>Where something was printed before, the class library's console has a duplicate: set its Out as well.</remarks>
    /// <exception cref="IOException">There is none.</exception>
    public static PipeEnd TakeStandardOutput() => Take(StandardOutput, StandardError, FileAccess.Write, "standard output");

    private protected override int TryRead(Span<byte> buffer) => Syscall.Read(Descriptor, buffer);

    private protected override int TryWrite(ReadOnlySpan<byte> buffer) => Syscall.Write(Descriptor, buffer);

    private protected override void CloseDescriptor() => _handle.Dispose();

    private static PipeEnd Take(int number, int instead, FileAccess access, string name)
    {
        FileDescriptor own = FileDescriptor.FromResult(Syscall.Duplicate(number), "take over", name);
        try
        {
            int result = Syscall.Duplicate(instead, number);
            return result < 0 ? throw Errno.ToException(-result, "take over", name) : new PipeEnd(own, access, name);
        }
        catch
        {
            own.Dispose();
            throw;
        }
    }
}
