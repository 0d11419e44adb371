using Sprig.Linux;

namespace Sprig.IO;

/// <summary>An output line of the kernel.</summary>
internal sealed class KernelGpioOutput(FileDescriptor line, int offset, string name, GpioOutputOptions options)
    : GpioOutput(offset, options)
{
    protected override void Drive(bool level)
    {
        int result = GpioUapi.SetLevel(line.Number, level);
        if (result < 0)
            throw Errno.ToException(-result, "drive", name);
    }

    protected override void Release() => line.Dispose();
}
