using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.IO.Links;

/// <content>Waits of those who use it.</content>
public sealed partial class ReliableLink
{
    /// <summary>Waits until all that was written has come, and was acknowledged by the other side.</summary>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="IOException">The session is over before that.</exception>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    public async ValueTask DrainAsync(CancellationToken cancellationToken = default)
    {
        _drainers.Enter();
        await Coroutine.CheckpointAsync();
        while (!_machine.IsAllAcknowledged)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_machine.End != LinkEnd.None)
                throw Failure();
            await _drainers.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Ends the writing: the other side reads 0 when it has read all that was written. Reading goes on.</summary>
    /// <exception cref="IOException">The session is over.</exception>
    public void ShutdownWrite()
    {
        _writers.Check();
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_machine.End != LinkEnd.None)
            throw Failure();
        if (_isWriting)
            throw new InvalidOperationException($"{Name} is being written; end the writing after that.");
        _machine.WriteEnd(_scheduler.Now);
        _work.WakeOne();
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<int> ReadWhenThereAsync(Memory<byte> buffer, bool pause, CancellationToken cancellationToken)
    {
        _isReading = true;
        try
        {
            if (pause)
                await IoWait.Turn();
            int count;
            while (!TryRead(buffer.Span, out count))
            {
                await _readers.WaitAsync(cancellationToken);
                ObjectDisposedException.ThrowIf(_isDisposed, this);
            }

            return count;
        }
        finally
        {
            _isReading = false;
        }
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask WriteWhenRoomAsync(ReadOnlyMemory<byte> buffer, bool pause, CancellationToken cancellationToken)
    {
        _isWriting = true;
        try
        {
            if (pause)
                await IoWait.Turn();
            while (true)
            {
                // Also after the turn: who ends the session meanwhile finds nobody to wake.
                ThrowIfUnwritable();
                buffer = buffer[WriteSome(buffer.Span)..];
                if (buffer.IsEmpty)
                    return;
                await _writers.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            _isWriting = false;
        }
    }

    /// <summary>Something has come or gone: wakes those for whom it may be enough.</summary>
    private void WakeWaiters()
    {
        bool isOver = _machine.End != LinkEnd.None || _isDisposed;
        if (_opening.Count > 0 && (isOver || _machine.IsOpen))
            _opening.WakeAll();
        if (_readers.Count > 0 && (isOver || _machine.Available > 0 || _machine.IsAtEnd))
            _readers.WakeAll();
        if (_writers.Count > 0 && (isOver || _machine.Room > 0))
            _writers.WakeAll();
        if (_drainers.Count > 0 && (isOver || _machine.IsAllAcknowledged))
            _drainers.WakeAll();
    }
}
