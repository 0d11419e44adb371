using Microsoft.Win32.SafeHandles;
using Sprig.IO;

namespace Sprig.Cli.Serial;

/// <summary>Standard input as a stream that waits on the loop.</summary>
internal static class TypedInput
{
    internal static Stream Open()
    {
        // A terminal shares its description with the shell, and with our own output: those are not to become non-blocking with it.
        if (!Console.IsInputRedirected)
            return new PipeEnd(File.OpenHandle("/proc/self/fd/0", FileMode.Open, FileAccess.Read, FileShare.ReadWrite), FileAccess.Read, "standard input");
        FileStream file = new(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);
        // A file never lets anybody wait, and epoll has no use for it.
        return file.CanSeek ? file : PipeEnd.TakeStandardInput();
    }
}
