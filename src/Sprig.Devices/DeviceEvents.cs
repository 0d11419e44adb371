using System.Runtime.ExceptionServices;
using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Sprig.Devices;

/// <summary>What a device tells, for any number of listeners: <c>await foreach</c>, a wait for the next one, or a handler.</summary>
/// <remarks>Loop thread only. Each listener gets every event from when it began to listen, in order, and none twice; between two turns
/// of a stream nothing is lost. One that is 1024 events behind is cut off with a <see cref="SubscriberTooSlowException"/>: a loss is
/// never silent. When the device fails (its chip was removed) every stream and every wait throws that error; when it is disposed of,
/// streams end and waits throw <see cref="ObjectDisposedException"/>.</remarks>
/// <typeparam name="T">What is told.</typeparam>
/// <example><code>
/// await foreach (ButtonEvent press in button.Pressed)
///     led.Toggle();
/// </code></example>
public sealed partial class DeviceEvents<T> : IAsyncEnumerable<T>, IEventSource
{
    private const int Capacity = 1024;

    private readonly string _name;
    private readonly Broadcast<T> _broadcast;
    private readonly Action? _onListener;
    private Action<T>[] _handlers = [];
    private Exception? _error;
    private int _streams;

    /// <param name="name">As "Pressed of the button on line 5", for reports.</param>
    /// <param name="onListener">Called when there is one more to listen.</param>
    internal DeviceEvents(string name, Action? onListener = null)
    {
        _name = name;
        _broadcast = new Broadcast<T>(name);
        _onListener = onListener;
    }

    /// <summary>How many listen: streams, waits and handlers.</summary>
    public int ListenerCount => _broadcast.SubscriberCount + _handlers.Length;

    /// <summary>Waits for the next one.</summary>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    /// <exception cref="ObjectDisposedException">The device was disposed of.</exception>
    public async ValueTask<T> NextAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfEnded();
        await using Stream stream = new(this, cancellationToken);
        if (!await stream.MoveNextAsync())
            ThrowIfEnded();
        return stream.Current;
    }

    /// <summary>Calls a handler for each event, as it happens and before streams and waits go on. What it throws is reported as the failure
    /// of a coroutine with this device's name, and stops nothing.</summary>
    /// <param name="handler">On the loop; must not block.</param>
    /// <returns>Dispose it to be called no more.</returns>
    /// <exception cref="ObjectDisposedException">The device was disposed of.</exception>
    public IDisposable Subscribe(Action<T> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ThrowIfEnded();
        _handlers = [.. _handlers, handler];
        _onListener?.Invoke();
        return new Ending(() =>
        {
            // The first of equal ones, and each once.
            int index = Array.IndexOf(_handlers, handler);
            if (index >= 0)
                _handlers = [.. _handlers[..index], .. _handlers[(index + 1)..]];
        });
    }

    /// <summary>Calls a handler for each event, in a coroutine of its own: one after the other, so that one that takes long is behind.
    /// What it throws is reported as in the other form, and stops nothing.</summary>
    /// <param name="handler">May wait.</param>
    /// <returns>Dispose it to be called no more; a call that is going on is killed.</returns>
    /// <exception cref="ObjectDisposedException">The device was disposed of.</exception>
    public IDisposable Subscribe(Func<T, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ThrowIfEnded();
        BroadcastSubscription<T> subscription = Listen();
        Coroutine coroutine;
        try
        {
            coroutine = Coroutine.Spawn(() => ServeAsync(subscription, handler), Options());
        }
        catch
        {
            subscription.Dispose();
            throw;
        }

        coroutine.AddDoneCallback(_ => subscription.Dispose());
        return new Ending(() => coroutine.Kill());
    }

    /// <summary><c>await foreach</c>: each event from now on.</summary>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    /// <exception cref="ObjectDisposedException">The device was disposed of before.</exception>
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        ThrowIfEnded();
        return new Stream(this, cancellationToken);
    }

    /// <summary>Its name, for reports.</summary>
    public override string ToString() => _name;

    bool IEventSource.End(Exception? error)
    {
        if (_broadcast.IsShutdown)
            return false;
        _error = error;
        _broadcast.Shutdown();
        _handlers = [];
        return _streams > 0;
    }

    internal void Publish(T item)
    {
        Action<T>[] handlers = _handlers;
        foreach (Action<T> handler in handlers)
        {
            // One before it may have taken it away, or disposed of the device.
            if (_handlers != handlers && !_handlers.Contains(handler))
                continue;
            try
            {
                handler(item);
            }
#pragma warning disable CA1031 // The other handlers, and the device, go on; this one's error is reported.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Report(e);
            }
        }

        // A handler may have disposed of the device. Nobody is waited for: who is too slow is cut off.
        if (!_broadcast.IsShutdown)
            _broadcast.TryPublish(item);
    }

    private async Task ServeAsync(BroadcastSubscription<T> events, Func<T, Task> handler)
    {
        await foreach (T item in events)
        {
            try
            {
                await handler(item);
            }
#pragma warning disable CA1031 // The next events go on; this one's error is reported.
            catch (Exception e) when (!Coroutine.Current.IsKillRequested)
#pragma warning restore CA1031
            {
                Report(e);
            }
        }
    }

    private BroadcastSubscription<T> Listen()
    {
        BroadcastSubscription<T> subscription = _broadcast.Subscribe(Capacity, SlowSubscriber.Disconnect);
        _onListener?.Invoke();
        return subscription;
    }

    // A daemon's failure is reported at once, and ends nothing.
    private void Report(Exception e) => Coroutine.Spawn(() => Task.FromException(e), Options());

    private SpawnOptions Options() => new() { Name = $"a handler of {_name}", Daemon = DaemonRule.UntilWorkEnds };

    private void ThrowIfEnded()
    {
        if (_error is not null)
            ExceptionDispatchInfo.Throw(_error);
        if (_broadcast.IsShutdown)
            throw new ObjectDisposedException(_name);
    }
}
