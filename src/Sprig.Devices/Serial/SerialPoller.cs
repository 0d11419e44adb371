using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Sprig.Devices.Serial;

/// <summary>Asks sensors on a serial line, each at its period: one exchange at a time, first come first served, with timeouts and retries.
/// Answers come as async streams.</summary>
/// <remarks>Loop thread only. The beat does not drift. A sensor that fails holds up the others by its own timeouts alone, is asked less and
/// less often, and at its period again once it answers. Before each request what came unasked, or late, is thrown away. When the line is
/// unplugged that is told once (<see cref="Notices"/>), and the asking goes on: over a port that opens itself again the sensors are back
/// when it is.</remarks>
/// <example><code>
/// SerialPoller poller = new(port) { Timeout = TimeSpan.FromMilliseconds(300) };
/// PolledSensor&lt;double&gt; outside = poller.Add("outside", TimeSpan.FromSeconds(1), SerialRequest.Line("T?", Celsius));
/// _ = Coroutine.Spawn(poller.RunAsync, new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
/// await foreach (Reading&lt;double&gt; reading in outside)
///     Console.WriteLine(reading.Value);
/// </code></example>
public sealed partial class SerialPoller
{
    private readonly Stream? _line;
    private readonly AsyncLock _turn = new("the line of a poller");
    private readonly byte[] _garbage = new byte[1024];
    private readonly List<PolledSensor> _sensors = [];
    private readonly Dictionary<Type, (object Stream, IEventSource Source)> _merged = [];
    private readonly DeviceEvents<PollerNotice> _notices = new("notices of a poller");
    private MonotonicTime _quietUntil;

    /// <summary>A poller of the sensors on a line, which it does not close. It owns the reading of it.</summary>
    /// <param name="line">Usually a serial port.</param>
    public SerialPoller(Stream line)
    {
        ArgumentNullException.ThrowIfNull(line);
        _line = line;
    }

    /// <summary>A poller of sensors that are asked by code of yours, as by a Modbus master.</summary>
    public SerialPoller()
    {
    }

    /// <summary>How long an answer may take, from the request on: 1 s unless set.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a sensor that has not answered well is asked again at once: 1 unless set. Others go between.</summary>
    public int Retries { get; init; } = 1;

    /// <summary>How long until it is asked again; twice as long each further time: 50 ms unless set.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How rarely a sensor that fails on and on is asked: once a minute unless set. One with a longer period keeps that.</summary>
    public TimeSpan SlowestPeriod { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The silence between two exchanges, where the bus needs one: none unless set.</summary>
    public TimeSpan Gap { get; init; }

    /// <summary>How long after its timeout an answer may still come, where answers do not say whose they are: so long nothing is asked after
    /// a request that was not answered well, and what comes is thrown away. Not at all unless set.</summary>
    public TimeSpan LateAnswers { get; init; }

    /// <summary>The sensors, in the order in which they were added.</summary>
    public IReadOnlyList<PolledSensor> Sensors => _sensors;

    /// <summary>What goes wrong, and when it is over: each told once.</summary>
    public DeviceEvents<PollerNotice> Notices => _notices;

    /// <summary>Whether the line works, as far as was seen.</summary>
    public bool IsLineUp { get; private set; } = true;

    /// <summary>Bytes that came unasked, or late, and were thrown away.</summary>
    public long DiscardedBytes { get; private set; }

    /// <summary>Adds a sensor, also while the poller runs. It is asked at once, then at each period.</summary>
    /// <param name="name">For readings and notices; each its own.</param>
    /// <param name="period">At least 1 ms.</param>
    /// <param name="request">What it is asked.</param>
    /// <param name="options">What it has otherwise than the others.</param>
    /// <exception cref="ArgumentException">There is one of that name.</exception>
    /// <exception cref="InvalidOperationException">The poller has no line, or has ended.</exception>
    public PolledSensor<T> Add<T>(string name, TimeSpan period, SerialRequest<T> request, PolledSensorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (_line is null)
            throw new InvalidOperationException("This poller has no line to send a request on; make it with one, or add sensors by code that asks them.");
        return Add(name, period, request, ask: null, options);
    }

    /// <summary>Adds a sensor that is asked by code of yours, as by a Modbus master, which has its own timeouts and retries, and its own turns
    /// on the line: what the code throws is a failure at once.</summary>
    /// <param name="name">For readings and notices; each its own.</param>
    /// <param name="period">At least 1 ms.</param>
    /// <param name="ask">Asks it.</param>
    /// <param name="options">When its value is stale; the rest is the code's business.</param>
    /// <inheritdoc cref="Add{T}(string, TimeSpan, SerialRequest{T}, PolledSensorOptions?)"/>
    public PolledSensor<T> Add<T>(string name, TimeSpan period, Func<ValueTask<T>> ask, PolledSensorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(ask);
        return Add(name, period, request: null, ask, options);
    }

    /// <summary>The readings of all sensors of a type, those that are added later too: <c>await foreach</c> gives each from now on.</summary>
    public DeviceEvents<Reading<T>> ReadingsOf<T>()
    {
        if (!_merged.TryGetValue(typeof(T), out (object Stream, IEventSource Source) merged))
        {
            DeviceEvents<Reading<T>> readings = new($"readings of {typeof(T).Name}");
            _merged.Add(typeof(T), merged = (readings, readings));
        }

        return (DeviceEvents<Reading<T>>)merged.Stream;
    }

    private PolledSensor<T> Add<T>(string name, TimeSpan period, SerialRequest<T>? request, Func<ValueTask<T>>? ask, PolledSensorOptions? options)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.FromMilliseconds(1));
        if (_hasEnded)
            throw new InvalidOperationException("This poller has ended: its streams are closed. Make another.");
        if (_sensors.Exists(sensor => sensor.Name == name))
            throw new ArgumentException($"There is a sensor '{name}' already.", nameof(name));
        PolledSensor<T> sensor = new(name, period, SlowestPeriod, options ?? new PolledSensorOptions(), ReadingsOf<T>(), request, ask);
        _sensors.Add(sensor);
        if (_scope is not null)
            Begin(sensor);
        return sensor;
    }
}
