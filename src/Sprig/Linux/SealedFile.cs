namespace Sprig.Linux;

/// <summary>A file in memory that nobody can change any more: whoever gets its descriptor may map it without fear.</summary>
internal static class SealedFile
{
    private const uint CloseOnExec = 1;
    private const uint AllowSealing = 2;
    private const int AddSeals = 1033;
    private const nint AllSeals = 0xF;

    /// <summary>Its descriptor, or minus errno.</summary>
    internal static int Create(string name, ReadOnlySpan<byte> content)
    {
        int fd = Syscall.Check(Libc.MemfdCreate(name, CloseOnExec | AllowSealing));
        if (fd < 0)
            return fd;
        int result = Fill(fd, content);
        if (result >= 0)
            result = Syscall.Check(Libc.Fcntl(fd, AddSeals, AllSeals));
        if (result >= 0)
            return fd;
        _ = Libc.Close(fd);
        return result;
    }

    private static int Fill(int fd, ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            int written = Syscall.Write(fd, content);
            if (written < 0)
                return written;
            content = content[written..];
        }

        return 0;
    }
}
