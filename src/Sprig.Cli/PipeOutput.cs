using Microsoft.Win32.SafeHandles;

namespace Sprig.Cli;

/// <summary>Standard output for a command without an end: when nobody reads its pipe any more (<c>| head</c>), it ends too. The
/// runtime's own console passes over that.</summary>
internal static class PipeOutput
{
    private const int StandardOutput = 1;
    private const int BrokenPipe = 32;

    /// <summary>The console's, unless it is a pipe.</summary>
    internal static TextWriter Open()
    {
        if (!Console.IsOutputRedirected)
            return Console.Out;
        try
        {
            FileStream stream = new(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            // A file is shared with others by its place in it, which such a stream would keep to itself.
            return stream.CanSeek ? Console.Out : new StreamWriter(stream) { AutoFlush = true };
        }
        catch (Exception e) when (UserError.IsOne(e))
        {
            return Console.Out;
        }
    }

    /// <summary>Whether it is the error of a pipe that nobody reads.</summary>
    internal static bool IsBroken(Exception e) => e is IOException { HResult: BrokenPipe };
}
