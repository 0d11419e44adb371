using System.Text;
using Sprig.IO;

namespace Sprig.Hosting;

/// <summary>The protocol of sd_notify: lines of NAME=value, a datagram each, to the service manager. Nothing here waits or throws: a program must
/// not stop since its manager does not listen.</summary>
/// <remarks>A state that finds the manager's queue full is kept, and goes out before the next one. Any thread.</remarks>
internal sealed class NotifySocket(DatagramSend send)
{
    private readonly Lock _gate = new();
    private DatagramSend? _send = send;
    private string _unsent = "";

    /// <summary>Whether something is kept that is to be tried again: by <see cref="TryAgain"/>.</summary>
    internal bool HasUnsent
    {
        get
        {
            lock (_gate)
                return _unsent.Length > 0;
        }
    }

    /// <summary>How many messages the manager will never get.</summary>
    internal long Lost { get; private set; }

    /// <summary>Tells that the program is alive. One that is lost is followed by another.</summary>
    internal void TellAlive()
    {
        lock (_gate)
            Count(_send?.Invoke("WATCHDOG=1"u8) ?? DatagramOutcome.Unreachable);
    }

    /// <summary>Tells what is new, as "READY=1".</summary>
    internal void Tell(string state)
    {
        lock (_gate)
        {
            _unsent = _unsent.Length == 0 ? state : $"{_unsent}\n{state}";
            SendUnsent();
        }
    }

    internal void TryAgain()
    {
        lock (_gate)
        {
            if (_unsent.Length > 0)
                SendUnsent();
        }
    }

    /// <summary>The run has ended; another thread may not know it yet.</summary>
    internal void Close()
    {
        lock (_gate)
            _send = null;
    }

    /// <summary>A text as the value of a line, which has no line breaks.</summary>
    internal static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private void SendUnsent()
    {
        DatagramOutcome outcome = _send?.Invoke(Encoding.UTF8.GetBytes(_unsent)) ?? DatagramOutcome.Unreachable;
        if (outcome is DatagramOutcome.Full or DatagramOutcome.NoMemory)
            return;
        _unsent = "";
        Count(outcome);
    }

    private void Count(DatagramOutcome outcome)
    {
        if (outcome != DatagramOutcome.Sent)
            Lost++;
    }
}
