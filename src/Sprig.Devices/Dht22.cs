using Sprig.IO;
using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Sprig.Devices;

/// <summary>A DHT22 (AM2302) or DHT11: temperature and humidity over one line.</summary>
/// <remarks>Loop thread only. Nothing waits busily: the sensor is asked, the coroutine sleeps while it answers, and then its 40 bits are
/// found in the kernel's stamps of the falling edges. A loop that is late misses nothing; the kernel keeps them all. What comes garbled
/// all the same is asked for again.</remarks>
public sealed class Dht22 : IDisposable
{
    private const int Bits = 40;
    private static readonly TimeSpan s_shortest = TimeSpan.FromMicroseconds(60);
    private static readonly TimeSpan s_one = TimeSpan.FromMicroseconds(100);
    private static readonly TimeSpan s_longest = TimeSpan.FromMicroseconds(160);

    /// <summary>The sensor only ever pulls down, and so does the program; a resistor pulls up.</summary>
    private static readonly GpioLineSettings s_ask = new()
    {
        Direction = GpioDirection.Output,
        Drive = GpioDrive.OpenDrain,
        SafeLevel = true,
    };

    private static readonly GpioLineSettings s_listen = new() { Bias = GpioBias.PullUp, Edges = GpioEdges.Falling };

    private readonly GpioLineGroup _line;
    private readonly DhtModel _model;
    private readonly AsyncLock _turn;
    private MonotonicTime _next = new(long.MinValue);
    private int _attempts = 3;

    /// <summary>A sensor on a line of a chip. It needs a resistor of some 10 kOhm to the supply; the chip's own is weak for long
    /// wires.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such model.</exception>
    /// <inheritdoc cref="GpioChip.OpenInput" path="/exception"/>
    public Dht22(GpioChip chip, int line, DhtModel model = DhtModel.Dht22)
    {
        ArgumentNullException.ThrowIfNull(chip);
        if (!Enum.IsDefined(model))
            throw new ArgumentOutOfRangeException(nameof(model), model, $"One of {nameof(DhtModel)}.");
        _model = model;
        _turn = new AsyncLock($"the {model} on line {line}");
        // An answer has 42 falling edges, and as many rising ones.
        _line = chip.OpenLines([line], s_listen, new GpioRequestOptions { EdgeBuffer = 128 });
    }

    /// <summary>How often it is asked before <see cref="ReadAsync"/> gives up; 3 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int Attempts
    {
        get => _attempts;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _attempts = value;
        }
    }

    /// <summary>How many answers were garbled, or did not come.</summary>
    public long Failures { get; private set; }

    private string Who => $"The {_model} on line {_line.Lines[0]}";

    /// <summary>The sensor measures no oftener; asked before, it would give the old values, or none.</summary>
    private TimeSpan Interval => TimeSpan.FromSeconds(_model == DhtModel.Dht22 ? 2 : 1);

    /// <summary>Asks for a reading, again where an answer is garbled. Two seconds (DHT11: one) after the last one at the earliest: it waits
    /// until then. Several coroutines may ask: one after the other.</summary>
    /// <exception cref="TimeoutException">The sensor does not answer: check power and wire.</exception>
    /// <exception cref="InvalidDataException">Every answer was garbled; the message says how the last one was.</exception>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    public async ValueTask<DhtReading> ReadAsync()
    {
        using (await _turn.AcquireAsync())
        {
            for (int attempt = 1; ; attempt++)
            {
                try
                {
                    await Coroutine.SleepUntil(_next);
                    return Decode(await AskAsync());
                }
                // A deadline of the caller's is a TimeoutException too, and not ours to catch.
                catch (Exception e) when (e is InvalidDataException or TimeoutException and not DeadlineExceededException)
                {
                    Failures++;
                    if (attempt >= _attempts)
                        throw;
                }
            }
        }
    }

    /// <summary>Gives the line back; who waits gets <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => _line.Dispose();

    /// <summary>The stamps of the falling edges of an answer.</summary>
    private async Task<List<MonotonicTime>> AskAsync()
    {
        _next = MonotonicTime.Now + Interval;
        try
        {
            _line.Configure(s_ask);
            await Coroutine.Sleep(_model == DhtModel.Dht22 ? TimeSpan.FromMilliseconds(1.1) : TimeSpan.FromMilliseconds(20));
        }
        finally
        {
            // Killed meanwhile it must not hold the line down.
            if (!_line.IsDisposed)
                _line.Configure(s_listen);
        }

        MonotonicTime asked = MonotonicTime.Now;
        // It answers within 5 ms; who sleeps through that wakes once, not for every edge.
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(7));
        List<MonotonicTime> falls = [];
        _ = await Deadline.TryRunAsync(TimeSpan.FromMilliseconds(1), async () =>
        {
            while (falls.Count < Bits + 2)
            {
                GpioEdge edge = await _line.WaitForEdgeAsync(GpioEdges.Falling);
                // Older ones are of an answer that nobody waited for.
                if (edge.Timestamp >= asked)
                    falls.Add(edge.Timestamp);
            }
        });
        return falls;
    }

    /// <summary>A bit is the time from one fall to the next: 50 us low, then high for 26 us (0) or 70 us (1). The first fall of all, of the
    /// sensor's "here I am", may come before the line listens; so the bits are counted from the last.</summary>
    private DhtReading Decode(List<MonotonicTime> falls)
    {
        if (falls.Count == 0)
            throw new TimeoutException($"{Who} does not answer; check its power, its wire and the resistor.");
        if (falls.Count < Bits + 1)
            throw Garbled($"{falls.Count} of {Bits + 1} falling edges came");
        byte[] data = new byte[Bits / 8];
        for (int i = 0; i < Bits; i++)
        {
            TimeSpan width = falls[^(Bits - i)] - falls[^(Bits - i + 1)];
            if (width < s_shortest || width > s_longest)
                throw Garbled($"bit {i} took {width.TotalMicroseconds} us");
            data[i / 8] = (byte)(data[i / 8] << 1 | (width > s_one ? 1 : 0));
        }

        if ((byte)(data[0] + data[1] + data[2] + data[3]) != data[4])
            throw Garbled("its checksum is wrong");
        (double celsius, double humidity) = _model == DhtModel.Dht22
            ? (((data[2] & 0x7F) << 8 | data[3]) / 10.0, (data[0] << 8 | data[1]) / 10.0)
            : (data[2] + (data[3] & 0x7F) / 10.0, data[0] + data[1] / 10.0);
        bool isNegative = (data[_model == DhtModel.Dht22 ? 2 : 3] & 0x80) != 0;
        return new DhtReading(falls[^1], isNegative ? -celsius : celsius, humidity);
    }

    private InvalidDataException Garbled(string how)
        => new($"{Who} gave a garbled answer: {how}. Check the wire's length and the resistor, or allow more Attempts.");
}
