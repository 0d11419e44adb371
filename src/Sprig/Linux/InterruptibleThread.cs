namespace Sprig.Linux;

/// <summary>A background thread that sleeps in system calls which nothing else can end, and that a signal calls back from there.</summary>
internal sealed class InterruptibleThread
{
    /// <summary>So long a thread is called before it is given up: it then sleeps where no signal reaches, in a driver that has hung.</summary>
    private const int Patience = 500;
    private const int LongestPause = 16;
    private readonly Lock _gate = new();
    private readonly Action<InterruptibleThread> _body;
    private readonly ManualResetEventSlim _ended = new();
    private int _number;
    private volatile bool _isStopping;

    /// <summary>Starts it.</summary>
    /// <param name="name">The kernel shows its first 15 bytes.</param>
    /// <param name="body">Answers EINTR by looking at <see cref="IsStopping"/>; throws nothing but that its descriptor is closed.</param>
    internal InterruptibleThread(string name, Action<InterruptibleThread> body)
    {
        _body = body;
        ThreadSignal.Prepare();
        new Thread(Run) { Name = name, IsBackground = true }.UnsafeStart();
    }

    internal bool IsStopping => _isStopping;

    internal bool HasEnded => _ended.IsSet;

    /// <summary>Calls it back and waits until it has ended. A signal that comes before it sleeps is without effect: it is sent
    /// until it has one.</summary>
    /// <returns>False: it does not come back.</returns>
    internal bool Stop()
    {
        _isStopping = true;
        for (int waited = 0, pause = 0; waited < Patience; waited += pause)
        {
            Interrupt();
            pause = Math.Clamp(pause * 2, 1, LongestPause);
            if (_ended.Wait(pause))
                return true;
        }

        return false;
    }

    /// <summary>The call in which it sleeps answers EINTR.</summary>
    internal void Interrupt()
    {
        // Once the thread has ended its number may be another's.
        lock (_gate)
        {
            if (_number != 0)
                ThreadSignal.Send(_number);
        }
    }

    private void Run()
    {
        lock (_gate)
            _number = ThreadSignal.Expect();
        try
        {
            _body(this);
        }
        catch (ObjectDisposedException)
        {
            // It was given up, and has come too late.
        }

        lock (_gate)
            _number = 0;
        _ended.Set();
    }
}
