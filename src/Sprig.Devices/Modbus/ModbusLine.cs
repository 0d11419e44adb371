using System.Globalization;
using Sprig.Devices.Serial;
using Sprig.Scheduling;

namespace Sprig.Devices.Modbus;

/// <summary>The line of a master: one exchange at a time, with the silences that the protocol asks for.</summary>
internal sealed class ModbusLine(Stream stream, ModbusRtuOptions options, int baudRate)
{
    // The longest frame is 256 bytes; before it there may be its own echo, and noise.
    private readonly byte[] _buffer = new byte[1024];
    private readonly byte[] _garbage = new byte[1024];
    private int _count;
    private MonotonicTime _silentSince;

    /// <summary>Bytes that came and were no answer.</summary>
    internal long DiscardedBytes { get; private set; }

    /// <summary>3.5 characters of 11 bits; above 19200 baud fixed, by the protocol.</summary>
    private TimeSpan FrameGap { get; } = baudRate > 19_200 ? TimeSpan.FromMicroseconds(1750) : CharactersAt(baudRate, 3.5);

    /// <summary>Sends a request to all, and gives them the time to carry it out.</summary>
    internal async Task BroadcastAsync(ModbusRequest request)
    {
        await BecomeSilentAsync();
        await stream.WriteAsync(request.Frame);
        await stream.FlushAsync();
        _silentSince = MonotonicTime.Now + CharactersAt(baudRate, request.Frame.Length);
        await Coroutine.SleepUntil(_silentSince + options.BroadcastDelay);
    }

    /// <summary>Sends a request and reads its answer, without the check.</summary>
    /// <param name="request">What to send.</param>
    /// <param name="sending">Called before the first byte goes out: from now on an answer may come.</param>
    /// <exception cref="TimeoutException">Nothing came.</exception>
    /// <exception cref="InvalidDataException">What came was no answer to it.</exception>
    /// <exception cref="IOException">The line is gone, or failed.</exception>
    internal async Task<byte[]> ExchangeAsync(ModbusRequest request, Action sending)
    {
        await BecomeSilentAsync();
        sending();
        await stream.WriteAsync(request.Frame);
        await stream.FlushAsync();
        // What was written is on its way, not out.
        MonotonicTime sent = MonotonicTime.Now + CharactersAt(baudRate, request.Frame.Length);
        _silentSince = sent;
        MonotonicTime end = sent + options.Timeout;
        _count = 0;
        bool isEchoDue = options.EchoesRequests;
        while (true)
        {
            await ReceiveAsync(request, end, isEchoDue);
            if (isEchoDue && _count >= request.Frame.Length)
            {
                TakeEcho(request);
                isEchoDue = false;
            }

            if (!isEchoDue && request.Find(_buffer.AsSpan(0, _count)) is { IsEmpty: false } answer)
            {
                DiscardedBytes += _count - answer.Length - 2;
                return answer.ToArray();
            }

            if (_count == _buffer.Length)
                throw Malformed(request, "more came than an answer has");
        }
    }

    /// <summary>How much came of the last answer that was malformed.</summary>
    internal int Received => _count;

    private async Task ReceiveAsync(ModbusRequest request, MonotonicTime end, bool isEchoDue)
    {
        while (true)
        {
            TimeSpan left = Max(end - MonotonicTime.Now, TimeSpan.Zero);
            TimeSpan gap = Max(options.AnswerGap, FrameGap);
            bool mayEnd = _count > 0 && gap < left;
            int count = await TimedReads.TryReadAsync(stream, _buffer.AsMemory(_count), mayEnd ? gap : left);
            if (count > 0)
            {
                _silentSince = MonotonicTime.Now;
                _count += count;
                return;
            }

            if (_count == 0)
                throw NoAnswer(request);
            // Somebody else's answer, late: ours may still come.
            if (!mayEnd || isEchoDue || !ModbusRequest.IsWhole(_buffer.AsSpan(0, _count)))
                throw Malformed(request, mayEnd ? "it broke off, or its check is wrong" : "it was not whole in time");
            DiscardedBytes += _count;
            _count = 0;
        }
    }

    private async Task BecomeSilentAsync()
    {
        TimeSpan wait = Max(_silentSince + FrameGap - MonotonicTime.Now, TimeSpan.Zero);
        int discarded = await TimedReads.DiscardAsync(stream, _garbage, wait, options.Timeout);
        DiscardedBytes += discarded;
        if (discarded > 0)
            DiscardedBytes += await TimedReads.DiscardAsync(stream, _garbage, FrameGap, options.Timeout);
    }

    private void TakeEcho(ModbusRequest request)
    {
        int length = request.Frame.Length;
        if (!_buffer.AsSpan(0, length).SequenceEqual(request.Frame))
            throw Malformed(request, "its echo is not what was sent: two have talked at once, or the adapter does not echo (leave EchoesRequests off)");
        _buffer.AsSpan(length, _count - length).CopyTo(_buffer);
        _count -= length;
    }

    private TimeoutException NoAnswer(ModbusRequest request) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"Unit {request.Unit} on {TimedReads.Describe(stream)} does not answer function {request.Function} within {options.Timeout.TotalSeconds} s."));

    private InvalidDataException Malformed(ModbusRequest request, string why)
    {
        DiscardedBytes += _count;
        return new InvalidDataException($"No answer of unit {request.Unit} on {TimedReads.Describe(stream)} to function {request.Function}: "
            + $"{Convert.ToHexString(_buffer, 0, Math.Min(_count, 16))} ({_count} bytes); {why}.");
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan CharactersAt(int baudRate, double count) => TimeSpan.FromSeconds(count * 11 / baudRate);
}
