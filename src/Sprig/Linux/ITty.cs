namespace Sprig.Linux;

/// <summary>The requests that a tty answers (ioctl): the kernel's, or those of a driver that a test makes up. Results are 0 or
/// more, or minus errno.</summary>
internal interface ITty
{
    /// <summary>A request with a struct.</summary>
    int Control(uint request, Span<byte> argument);

    /// <summary>A request with a number, or nothing.</summary>
    int Control(uint request, nint argument);

    /// <summary>One that sleeps in the kernel, and that a signal ends with EINTR.</summary>
    int Block(uint request, nint argument);
}
