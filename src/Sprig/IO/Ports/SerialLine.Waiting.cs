using Sprig.Linux;
using Sprig.Polling;

namespace Sprig.IO.Ports;

/// <content>Who waits for it on other threads, and is called away before it is closed.</content>
internal sealed partial class SerialLine
{
    private readonly List<InterruptibleThread> _lanes = [];
    private WakeupEvent? _away;
    private int _blocked;

    /// <summary>Blocks this thread until it is ready; false when the time is over first.</summary>
    /// <param name="events">To read, or to write.</param>
    /// <param name="until">By the machine's clock; long.MaxValue: without end.</param>
    /// <exception cref="ObjectDisposedException">It was closed meanwhile.</exception>
    internal bool Wait(short events, long until)
    {
        WakeupEvent away;
        lock (_gate)
        {
            ThrowIfLeft();
            away = _away ??= new WakeupEvent();
            _blocked++;
        }

        try
        {
            bool ready = ReadyWait.Until(_file.Number, events, away.Number, until);
            ThrowIfLeft();
            return ready;
        }
        finally
        {
            lock (_gate)
            {
                // Who sleeps looks at the number again when it wakes: until then it must not be another's.
                if (--_blocked == 0 && _hasLeft)
                    away.Dispose();
            }
        }
    }

    /// <summary>A thread for calls that sleep; it ends before the descriptor is closed.</summary>
    internal InterruptibleThread StartLane(string name, Action<InterruptibleThread> body)
    {
        lock (_gate)
        {
            ThrowIfLeft();
            Use use = Hold();
            try
            {
                InterruptibleThread lane = new(name, thread =>
                {
                    using (use)
                        body(thread);
                });
                _lanes.Add(lane);
                return lane;
            }
            catch
            {
                use.Dispose();
                throw;
            }
        }
    }

    internal void StopLane(InterruptibleThread lane)
    {
        lock (_gate)
            _lanes.Remove(lane);
        lane.Stop();
    }
}
