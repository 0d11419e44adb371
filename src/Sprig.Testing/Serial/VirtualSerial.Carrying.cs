using Sprig.Scheduling;

namespace Sprig.Testing.Serial;

/// <content>Its bytes, while it is plugged in and opened, and while it is not.</content>
public sealed partial class VirtualSerial
{
    private async ValueTask<int> TakeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_terminal is not { } terminal)
            {
                await _plugged.WaitAsync(cancellationToken);
                continue;
            }

            try
            {
                int count = await terminal.ReadAsync(buffer, cancellationToken);
                _isOpen = true;
                return count;
            }
            catch (ObjectDisposedException) when (terminal != _terminal)
            {
                // Unplugged.
            }
            catch (IOException)
            {
                // Nobody has the tty open; who writes must not wait for room that nobody makes.
                _isOpen = false;
                _writing?.Expire();
                await Coroutine.Sleep(s_untilOpened);
            }
        }
    }

    /// <summary>Whether all went out.</summary>
    private async ValueTask<bool> GiveAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_terminal is not { } terminal)
            return Lose();

        using Deadline patience = Deadline.After(_isOpen ? Timeout.InfiniteTimeSpan : s_untilOpened);
        try
        {
            _writing = patience;
            await terminal.WriteAsync(buffer, cancellationToken);
            return true;
        }
        catch (DeadlineExceededException e) when (e.Deadline == patience)
        {
            return Lose();
        }
        catch (ObjectDisposedException) when (terminal != _terminal)
        {
            return Lose();
        }
        finally
        {
            if (_writing == patience)
                _writing = null;
        }
    }

    private bool Lose()
    {
        LostWrites++;
        return false;
    }
}
