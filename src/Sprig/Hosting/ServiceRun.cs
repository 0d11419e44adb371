using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Hosting;

/// <summary>A program's run as a service: when the manager is told what, and how long its watchdog is fed. Without a manager it knows what it
/// would have told, and does nothing.</summary>
internal sealed class ServiceRun : IDisposable
{
    private static readonly TimeSpan s_untilRoom = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly List<(Heartbeat Heartbeat, string Text)> _hanging = [];
    private readonly ServiceEnvironment _environment;
    private readonly ProgramReports _reports;
    private readonly Health _health;
    private readonly UnixDatagramSender? _sender;
    private readonly NotifySocket? _manager;
    private CoroutineScheduler? _scheduler;
    private HardwareWatchdog? _hardware;
    private IDisposable? _retrying;
    private string _status = "";
    private bool _isHeld;
    private bool _isReady;
    private bool _isStopping;

    private ServiceRun(ServiceEnvironment environment, ProgramReports reports, Health health)
    {
        _environment = environment;
        _reports = reports;
        _health = health;
        if (environment.NotifyAddress is not { } address)
            return;
        _sender = new UnixDatagramSender(address);
        _manager = new NotifySocket(_sender.TrySend);
    }

    /// <summary>That of the program that runs in this process.</summary>
    internal static ServiceRun? Current { get; private set; }

    internal bool HasManager => _manager is not null;

    internal static ServiceRun Begin(ServiceEnvironment environment, ProgramReports reports)
    {
        ServiceRun run = new(environment, reports, Health.OfProcess);
        // The first is the service: it has taken what the environment says of it. Another beside it, or within by mistake, speaks for nobody.
        if (Current is null)
        {
            run._health.Reported = run.OnHeartbeat;
            Current = run;
        }

        return run;
    }

    public void Dispose()
    {
        if (Current == this)
        {
            Current = null;
            _health.Reported = null;
        }

        _hardware?.Dispose();
        _manager?.Close();
        _sender?.Dispose();
    }

    /// <summary>Main's body, with what the manager is told around it.</summary>
    internal Func<Task> Around(Func<Task> main) => () =>
    {
        OnMainBegins();
        Task task = main();
        // Begun, and waiting for something or done: unless it has failed right away.
        if (!_isHeld && task is { IsFaulted: false, IsCanceled: false })
            TellReady();
        return task;
    };

    /// <exception cref="InvalidOperationException">It is too late.</exception>
    internal void HoldReady()
    {
        if (_isReady && !_isHeld)
            throw new InvalidOperationException("The service manager was told already that the program is ready: hold that back before main's first wait.");
        _isHeld = true;
    }

    internal void TellReady()
    {
        lock (_gate)
        {
            if (_isReady)
                return;
            _isReady = true;
        }

        Tell("READY=1");
    }

    internal void SetStatus(string text)
    {
        lock (_gate)
        {
            _status = text;
            TellStatus();
        }
    }

    private void OnHeartbeat(Heartbeat heartbeat, string? overdue)
    {
        _reports.OnHeartbeat(heartbeat, overdue);
        lock (_gate)
        {
            if (overdue is null)
                _hanging.RemoveAll(one => one.Heartbeat == heartbeat);
            else
                _hanging.Add((heartbeat, overdue));
            TellStatus();
        }
    }

    private void OnMainBegins()
    {
        OpenHardware();
        if (_manager is null)
            return;
        _scheduler = CoroutineScheduler.Current;
        Coroutine main = Coroutine.Current;
        main.Token.Register(TellStopping);
        main.AddDoneCallback(_ => TellStopping());
        if (_environment.WatchdogTimeout is { } timeout)
            _health.Feed(timeout, _manager.TellAlive);
    }

    private void OpenHardware()
    {
        if (_environment.HardwareWatchdog is not { } device)
            return;
        try
        {
            _hardware = HardwareWatchdog.Open(device, _environment.HardwareTimeout);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingException(ServiceEnvironment.WatchdogVariable, e.Message, e);
        }
    }

    private void TellStopping()
    {
        if (_isStopping)
            return;
        _isStopping = true;
        Tell("STOPPING=1");
    }

    // Who hangs is of more interest than what the program does otherwise.
    private void TellStatus() => Tell($"STATUS={NotifySocket.OneLine(_hanging.Count > 0 ? _hanging[0].Text : _status)}");

    private void Tell(string state)
    {
        if (_manager is null)
            return;
        _manager.Tell(state);
        if (!_manager.HasUnsent || _scheduler is null)
            return;
        if (CoroutineScheduler.CurrentOrNull == _scheduler)
            TryAgainSoon();
        else
            _scheduler.PostOrDrop(TryAgainSoon, static () => { });
    }

    private void TryAgainSoon() => _retrying ??= _scheduler!.Housekeep(s_untilRoom, () =>
    {
        _manager!.TryAgain();
        if (_manager.HasUnsent)
            return;
        _retrying!.Dispose();
        _retrying = null;
    });
}
