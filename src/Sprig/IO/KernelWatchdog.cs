using Sprig.Linux;

namespace Sprig.IO;

/// <summary>A watchdog of the kernel, and why one can't be opened.</summary>
internal sealed class KernelWatchdog(FileDescriptor device) : IWatchdogFile
{
    internal static KernelWatchdog Open(string path)
    {
        int result = Syscall.Open(path, Syscall.OpenReadWrite);
        return result >= 0 ? new KernelWatchdog(new FileDescriptor(result)) : throw Explain(-result, path, DeviceHolder.Find("/dev/watchdog"));
    }

    public int Ioctl(uint request, Span<byte> argument) => Syscall.Ioctl(device.Number, request, argument);

    public int Write(ReadOnlySpan<byte> bytes) => Syscall.Write(device.Number, bytes);

    public void Dispose() => device.Dispose();

    internal static Exception Explain(int errno, string path, DeviceHolder? holder) => errno switch
    {
        Errno.ENOENT => new FileNotFoundException($"There is no watchdog {path}: load the driver of the board's (bcm2835_wdt on a Raspberry Pi), or softdog, the kernel's own.", path),
        Errno.EBUSY when holder is null or { ProcessId: 1 } => new IOException(
            $"{path} is in use, {(holder is null ? "most likely" : "and that is")} by systemd itself. Set RuntimeWatchdogSec=off in /etc/systemd/system.conf and run "
            + "'sudo systemctl daemon-reexec'; or leave the board's watchdog to systemd, and give the service WatchdogSec=.", errno),
        Errno.EBUSY => new IOException($"{path} is held by '{holder.Name}' (process {holder.ProcessId}): a watchdog has one feeder. End that program, or let it do this.", errno),
        _ => DeviceAccess.Explain(errno, path),
    };
}
