using System.Runtime.InteropServices;
using Sprig.Linux;

namespace Sprig.Polling;

/// <summary>An eventfd by which any thread ends the loop's sleep. The only part of the ground that other threads touch.</summary>
internal sealed class WakeupEvent : IDisposable
{
    private readonly FileDescriptor _event = FileDescriptor.FromResult(EpollCalls.CreateEvent(), "create", "an eventfd");

    internal int Number => _event.Number;

    /// <summary>Ends the sleep that is, or the next one. Any thread; after Dispose it does nothing.</summary>
    internal void Signal()
    {
        bool held = false;
        try
        {
            // Without the reference a Dispose on the loop thread could hand the number to somebody else in between.
            _event.DangerousAddRef(ref held);
            ReadOnlySpan<ulong> one = [1];
            _ = Syscall.Write(_event.Number, MemoryMarshal.AsBytes(one));
        }
        catch (ObjectDisposedException)
        {
            // The loop has ended; nobody is left to wake.
        }
        finally
        {
            if (held)
                _event.DangerousRelease();
        }
    }

    /// <summary>Takes the signals back, so that the counter can never run full.</summary>
    internal void Reset()
    {
        Span<ulong> count = stackalloc ulong[1];
        _ = Syscall.Read(_event.Number, MemoryMarshal.AsBytes(count));
    }

    public void Dispose() => _event.Dispose();
}
