using Sprig.Linux;

namespace Sprig.IO.Ports;

/// <summary>Opens a tty to have it alone, or says who has it.</summary>
/// <remarks>TIOCEXCL keeps others out, but not root; a lock of the open file (flock) binds him too, among programs that take one, and
/// so does it two openings in one program.</remarks>
internal static class PortAccess
{
    internal static FileDescriptor Open(string path)
    {
        FileDescriptor file = OpenFile(path);
        try
        {
            Check(Termios.Get(file.Number, out _), path);
            if (FileLock.TryTake(file.Number) == -Errno.EAGAIN)
                throw InUse(file, path);
            // Only root gets here. A mark without anybody who has it open was left by a program that was killed, on a pty.
            if (Termios.IsExclusive(file.Number) && HolderBeside(file, path) is { } holder)
                throw InUse(holder, path);
            Check(Termios.SetExclusive(file.Number), path);
            return file;
        }
        catch
        {
            // Neither the lock nor the mark, if there is one, is ours.
            file.Dispose();
            throw;
        }
    }

    /// <summary>Others may have it, though it is not closed yet.</summary>
    internal static void GiveBack(FileDescriptor file)
    {
        try
        {
            _ = Termios.SetShared(file.Number);
            FileLock.GiveBack(file.Number);
        }
        catch (ObjectDisposedException)
        {
            // It is closed.
        }
    }

    internal static void Close(FileDescriptor file)
    {
        GiveBack(file);
        file.Dispose();
    }

    internal static void Check(int result, string path)
    {
        if (result == -Errno.ENOTTY)
            throw new IOException($"{path} is no serial device.");
        if (result == -Errno.EIO)
            throw new IOException($"There is no serial hardware behind {path}.");
        if (result < 0)
            throw DeviceAccess.Explain(-result, path);
    }

    private static FileDescriptor OpenFile(string path)
    {
        try
        {
            return DeviceAccess.Open(path);
        }
        catch (IOException e) when (e.HResult == Errno.EBUSY && DeviceHolder.FindOne(path) is { } holder)
        {
            throw InUse(holder, path);
        }
    }

    private static Exception InUse(FileDescriptor ours, string path)
        => HolderBeside(ours, path) is { } holder ? InUse(holder, path) : DeviceAccess.Explain(Errno.EBUSY, path);

    private static IOException InUse(DeviceHolder holder, string path) => new($"{path} is in use by {holder}.", Errno.EBUSY);

    private static DeviceHolder? HolderBeside(FileDescriptor ours, string path) => DeviceHolder.FindOne(path, except: ours.Number);
}
