namespace Sprig.Devices.Modbus;

/// <summary>How a <see cref="ModbusRtuMaster"/> goes about its line.</summary>
public sealed record ModbusRtuOptions
{
    /// <summary>Bits a second, for the silence between two frames; the port's own unless given, 19200 where there is none.</summary>
    public int? BaudRate { get; init; }

    /// <summary>How long a unit may take to answer, from when the request has gone out: 1 s unless set.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a request is sent again that got no answer, a garbled one, or "busy": 2 unless set.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>How long until it is sent again; twice as long each further time: 20 ms unless set.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long after its timeout an answer may still come; so long the unit is asked nothing else, since the protocol has no
    /// numbers by which a late answer would be known. As long as the timeout unless set.</summary>
    public TimeSpan? LateAnswers { get; init; }

    /// <summary>The silence after which an answer is over: by the protocol 3.5 characters, but adapters and the system deliver in
    /// pieces: 20 ms unless set, and never less than the 3.5 characters.</summary>
    public TimeSpan AnswerGap { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long the units have to carry out a broadcast: 100 ms unless set.</summary>
    public TimeSpan BroadcastDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether the adapter hears itself: on two wires some do. The request is then read back, and held against what was sent.</summary>
    public bool EchoesRequests { get; init; }

    internal void Check()
    {
        if (BaudRate is { } baudRate)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(baudRate, nameof(BaudRate));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(Retries);
        ArgumentOutOfRangeException.ThrowIfLessThan(RetryDelay, TimeSpan.Zero);
        if (LateAnswers is { } late)
            ArgumentOutOfRangeException.ThrowIfLessThan(late, TimeSpan.Zero, nameof(LateAnswers));
        ArgumentOutOfRangeException.ThrowIfLessThan(AnswerGap, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(BroadcastDelay, TimeSpan.Zero);
    }
}
