using Sprig.Linux;
using Sprig.Scheduling;

namespace Sprig.IO.Ports;

/// <content>Waiting for a device that is still to come.</content>
public static partial class SerialDevices
{
    // On a busy board udev may need seconds to give a new node its group.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Waits until a device is there and may be opened; goes on at once if it is. Nothing is polled: until something
    /// happens in the folders that lead to the name the loop isn't woken.</summary>
    /// <remarks>The device isn't opened, so its modem lines stay as they are. udev gives a new node its group a moment after it has
    /// appeared: that is waited for, 10 seconds at most. Put a <see cref="Deadline"/> around it to wait for a time. Loop thread only.</remarks>
    /// <param name="name">A path, as /dev/ttyUSB0, or better a stable name under /dev/serial/by-id: neither that folder, nor any other
    /// on the way, need be there yet.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="UnauthorizedAccessException">It is there, and stays forbidden; the message says which group.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the coroutine killed.</exception>
    /// <exception cref="DeadlineExceededException">A <see cref="Deadline"/> around the wait has passed.</exception>
    public static ValueTask WaitForAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return WaitForAsync(name, DeviceAccess.MayOpen, cancellationToken);
    }

    /// <summary>The same, with the question for the permission given: 0, or minus errno.</summary>
    internal static async ValueTask WaitForAsync(string name, Func<string, int> mayOpen, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await Coroutine.CheckpointAsync();
        using DeviceArrival arrival = new(name);
        BackOff backOff = new(ReopenPolicy.DefaultFirst, ReopenPolicy.DefaultLongest);
        MonotonicTime? refusedSince = null;
        while (true)
        {
            if (!arrival.Look())
            {
                refusedSince = null;
                backOff.Reset();
                await arrival.WaitAsync(Timeout.InfiniteTimeSpan, cancellationToken);
                continue;
            }

            int errno = -mayOpen(arrival.Path);
            if (errno == 0)
                return;
            MonotonicTime now = MonotonicTime.Now;
            refusedSince ??= now;
            if (errno != Errno.ENOENT && now - refusedSince.Value >= s_patience)
                throw DeviceAccess.Explain(errno, name);
            await arrival.WaitAsync(backOff.Next(), cancellationToken);
        }
    }
}
