using System.Runtime.ExceptionServices;
using Sprig.Scheduling;

namespace Sprig.Devices;

/// <summary>The coroutine behind a device that tells things: it reads lines, and takes the device's events along when it ends.</summary>
internal sealed class Decoder : IDisposable
{
    private readonly string _device;
    private readonly IDisposable _lines;
    private readonly IEventSource[] _events;
    private readonly Coroutine _coroutine;
    private Exception? _error;

    /// <summary>Starts it. The lines are its own from then on; where this throws, they are given back.</summary>
    /// <param name="device">Its name, as "the button on line 5".</param>
    /// <param name="lines">Disposed of with it.</param>
    /// <param name="events">What the device tells.</param>
    /// <param name="body">Runs until it is killed, or fails.</param>
    internal Decoder(string device, IDisposable lines, IEventSource[] events, Func<Task> body)
    {
        (_device, _lines, _events) = (device, lines, events);
        _coroutine = Coroutine.Spawn(() => RunAsync(body), new SpawnOptions { Name = device, Daemon = DaemonRule.UntilWorkEnds });
        // Killed otherwise than by Dispose, even before its first step: what waits for its events waits for nothing.
        _coroutine.AddDoneCallback(_ => EndEvents(null));
    }

    internal bool IsDisposed { get; private set; }

    /// <summary>Goes on at once when something is so, else at the event that says that it has become so.</summary>
    internal async ValueTask WaitUntilAsync<T>(Func<bool> isSo, DeviceEvents<T> becomesSo, CancellationToken cancellationToken)
    {
        ThrowIfEnded();
        await Coroutine.CheckpointAsync();
        if (!isSo())
            await becomesSo.NextAsync(cancellationToken);
    }

    /// <summary>Ends the coroutine, gives the lines back, ends the events.</summary>
    public void Dispose()
    {
        if (IsDisposed)
            return;
        IsDisposed = true;
        _coroutine.Kill();
        _lines.Dispose();
        EndEvents(null);
    }

    /// <summary>For what answers at once: that nothing has ended the device.</summary>
    private void ThrowIfEnded()
    {
        // The name, not its type.
        if (IsDisposed)
            throw new ObjectDisposedException(_device);
        if (_error is not null)
            ExceptionDispatchInfo.Throw(_error);
    }

    private async Task RunAsync(Func<Task> body)
    {
        try
        {
            await body();
        }
#pragma warning disable CA1031 // Goes to all who listen; where nobody does, out of here, to be reported.
        catch (Exception e) when (IsDisposed || e is not CoroutineKilledException)
#pragma warning restore CA1031
        {
            // Disposed of in its own step, by a handler, it may find its line closed before it finds itself killed.
            if (IsDisposed)
                return;
            _error = e;
            if (!EndEvents(e))
                throw;
        }
    }

    /// <summary>Whether somebody was told.</summary>
    private bool EndEvents(Exception? error)
    {
        bool told = false;
        foreach (IEventSource one in _events)
            told |= one.End(error);
        return told;
    }
}
