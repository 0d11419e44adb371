using System.Buffers.Binary;
using Sprig.Linux;

namespace Sprig.IO;

/// <summary>The board's watchdog: from its opening on it resets the board, unless it is told in time that all is well. Hosting's
/// HardwareWatchdog does that as long as the program is healthy.</summary>
/// <remarks>Disposed it is stopped, and the board goes on; a program that ends without that, by a crash or by kill -9, leaves it running, and
/// the board is reset. Not so where <see cref="OutlivesProcess"/> is false; and a driver that was loaded with <c>nowayout</c> runs on even when disposed.</remarks>
public sealed class WatchdogDevice : IDisposable
{
    private readonly IWatchdogFile _file;
    private bool _disposed;

    internal WatchdogDevice(IWatchdogFile file, string path, TimeSpan timeout)
    {
        _file = file;
        Path = path;
        Span<byte> info = stackalloc byte[WatchdogUapi.InfoSize];
        int result = file.Ioctl(WatchdogUapi.GetSupport, info);
        if (result < 0)
        {
            file.Dispose();
            throw result == -Errno.ENOTTY ? new IOException($"{path} is no watchdog.", Errno.ENOTTY) : Errno.ToException(-result, "ask what it is", path);
        }

        Identity = WatchdogUapi.IdentityOf(info);
        OutlivesProcess = (WatchdogUapi.OptionsOf(info) & WatchdogUapi.NeedsMagicClose) != 0;
        try
        {
            Timeout = Set(timeout, (WatchdogUapi.OptionsOf(info) & WatchdogUapi.TakesTimeout) != 0);
            KeepAlive();
        }
        catch
        {
            // It runs since it was opened.
            Dispose();
            throw;
        }
    }

    /// <summary>The device.</summary>
    public string Path { get; }

    /// <summary>What its driver calls itself.</summary>
    public string Identity { get; }

    /// <summary>How long it waits: what its driver made of the time that was asked for.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>Whether it runs on, and resets the board, when the process ends without disposing of it. A few drivers stop at every close:
    /// with those it guards against a program or a kernel that hangs, not against one that has crashed.</summary>
    public bool OutlivesProcess { get; }

    /// <summary>Opens a watchdog, which starts it.</summary>
    /// <param name="path">As /dev/watchdog, or /dev/watchdog1.</param>
    /// <param name="timeout">How long it shall wait, in whole seconds (a part of one counts as a second). Drivers have limits, and some take what
    /// is nearest: see <see cref="Timeout"/>.</param>
    /// <exception cref="FileNotFoundException">There is no such device.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission; the message says which group.</exception>
    /// <exception cref="IOException">Somebody else has it, it is no watchdog, or takes no such time.</exception>
    public static WatchdogDevice Open(string path, TimeSpan timeout)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout.TotalSeconds, int.MaxValue, nameof(timeout));
        return new WatchdogDevice(KernelWatchdog.Open(path), path, timeout);
    }

    /// <summary>All is well: it begins to wait anew.</summary>
    /// <exception cref="IOException">The device is gone.</exception>
    public void KeepAlive()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int result = _file.Ioctl(WatchdogUapi.KeepAlive, stackalloc byte[sizeof(int)]);
        if (result < 0)
            throw Errno.ToException(-result, "feed", Path);
    }

    /// <summary>Stops it: the board goes on without.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _ = _file.Write([WatchdogUapi.MagicClose]);
        _file.Dispose();
    }

    private TimeSpan Set(TimeSpan wanted, bool isTaken)
    {
        Span<byte> argument = stackalloc byte[sizeof(int)];
        int seconds = (int)Math.Ceiling(wanted.TotalSeconds);
        BinaryPrimitives.WriteInt32LittleEndian(argument, seconds);
        int result = isTaken ? _file.Ioctl(WatchdogUapi.SetTimeout, argument) : 0;
        if (result == -Errno.EINVAL)
            throw new IOException($"{Path} ({Identity}) takes no time of {seconds} s; a Raspberry Pi's takes at most 15 s. Ask for less.", Errno.EINVAL);
        if (result < 0)
            throw Errno.ToException(-result, $"set the time to {seconds} s of", Path);
        // What is in force: drivers round, and some have one time only. One that can't say has what it was given.
        result = _file.Ioctl(WatchdogUapi.GetTimeout, argument);
        if (result < 0 && !isTaken)
            throw Errno.ToException(-result, "ask for the time of", Path);
        return TimeSpan.FromSeconds(BinaryPrimitives.ReadInt32LittleEndian(argument));
    }
}
