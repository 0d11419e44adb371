namespace Sprig.Devices.Buses;

/// <summary>A device or a bus of System.Device.Gpio, and how it is used: in its lane, never when it was disposed of, and closed
/// when the transfer that is under way has ended.</summary>
/// <remarks>Any thread.</remarks>
/// <param name="device">What is used.</param>
/// <param name="name">For errors: the bus and the address, or the chip select.</param>
/// <param name="lane">Where it is used.</param>
/// <param name="explain">Makes an error that names the device and the cure out of the library's.</param>
/// <param name="close">Called once, when nobody uses it any more.</param>
internal sealed class Port<TDevice>(
    TDevice device, string name, Lane lane, Func<IOException, string, IOException> explain, Action close) : IDisposable
    where TDevice : class
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();

    /// <summary>Its owner, and the transfers under way.</summary>
    private int _users = 1;
    private bool _isDisposed;

    internal Lane Lane => lane;

    internal string Name => name;

    internal TDevice Device => device;

    /// <summary>Blocks the caller until the transfer has ended; in the lane it runs at once.</summary>
    internal void Run(Transfer<TDevice> transfer, ReadOnlySpan<byte> write, Span<byte> read)
    {
        if (lane.IsCurrent)
            Perform(transfer, write, read);
        else
            RunInLane(transfer, write, read);
    }

    /// <summary>For a coroutine. The lane has buffers of its own: when the wait was cut short, the transfer goes on in those, and
    /// the caller's are left alone.</summary>
    internal async ValueTask RunAsync(
        Transfer<TDevice> transfer, ReadOnlyMemory<byte> write, Memory<byte> read, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        byte[] sent = write.ToArray();
        byte[] received = new byte[read.Length];
        using CancellationTokenSource? both = cancellationToken.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token)
            : null;
        CancellationToken either = both?.Token ?? _closing.Token;
        try
        {
            await lane.RunAsync(() => Perform(transfer, sent, received), either);
        }
        catch (OperationCanceledException e) when (e.CancellationToken == either)
        {
            // A kill bears another token.
            cancellationToken.ThrowIfCancellationRequested();
            throw Disposed();
        }
        catch (ObjectDisposedException) when (Volatile.Read(ref _isDisposed))
        {
            // The lane has ended with it.
            throw Disposed();
        }

        received.CopyTo(read);
    }

    /// <summary>Keeps it open until <see cref="Leave"/>.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    internal void Enter()
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            _users++;
        }
    }

    internal void Leave()
    {
        lock (_gate)
        {
            if (--_users > 0)
                return;
        }

        close();
    }

    /// <summary>Who waits for a transfer gets an <see cref="ObjectDisposedException"/> at once; what is under way ends, and then
    /// it is closed.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
        }

        _closing.Cancel();
        Leave();
    }

    internal void ThrowIfDisposed()
    {
        if (Volatile.Read(ref _isDisposed))
            throw Disposed();
    }

    private ObjectDisposedException Disposed() => new(name);

    private void RunInLane(Transfer<TDevice> transfer, ReadOnlySpan<byte> write, Span<byte> read)
    {
        ThrowIfDisposed();
        byte[] sent = write.ToArray();
        byte[] received = new byte[read.Length];
        try
        {
            lane.Run(() => Perform(transfer, sent, received));
        }
        catch (ObjectDisposedException) when (Volatile.Read(ref _isDisposed))
        {
            throw Disposed();
        }

        received.CopyTo(read);
    }

    private void Perform(Transfer<TDevice> transfer, ReadOnlySpan<byte> write, Span<byte> read)
    {
        Enter();
        try
        {
            transfer(device, write, read);
        }
        catch (IOException e)
        {
            throw explain(e, name);
        }
        finally
        {
            Leave();
        }
    }
}
