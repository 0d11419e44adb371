namespace Sprig.IO;

/// <summary>An open watchdog: the kernel's, or a test's. In the kernel's convention: minus errno.</summary>
internal interface IWatchdogFile : IDisposable
{
    int Ioctl(uint request, Span<byte> argument);

    int Write(ReadOnlySpan<byte> bytes);
}
