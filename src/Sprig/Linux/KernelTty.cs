namespace Sprig.Linux;

/// <summary>A tty as the kernel has it.</summary>
internal sealed class KernelTty(FileDescriptor descriptor) : ITty
{
    public int Control(uint request, Span<byte> argument) => Syscall.Ioctl(descriptor.Number, request, argument);

    public int Control(uint request, nint argument) => Syscall.Ioctl(descriptor.Number, request, argument);

    public int Block(uint request, nint argument) => Syscall.IoctlOnce(descriptor.Number, request, argument);
}
