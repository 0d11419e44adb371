using System.Runtime.ExceptionServices;
using Sprig.Scheduling;
using Sprig.Supervision;

namespace Sprig.Devices.Serial;

/// <content>The asking.</content>
public sealed partial class SerialPoller
{
    private CoroutineScope? _scope;
    private ObjectDisposedException? _closed;
    private bool _hasBegun;
    private bool _hasEnded;

    /// <summary>Asks until it is killed: the body of a coroutine, usually a daemon. When it ends, so do the streams of readings.</summary>
    /// <exception cref="ObjectDisposedException">The line was closed.</exception>
    /// <exception cref="InvalidOperationException">It has run before.</exception>
    public async Task RunAsync()
    {
        if (_hasBegun)
            throw new InvalidOperationException("A poller runs once; this one has. Make another.");
        _hasBegun = true;
        try
        {
            await CoroutineScope.RunAsync(async scope =>
            {
                _scope = scope;
                foreach (PolledSensor sensor in _sensors)
                    Begin(sensor);
                await Coroutine.Sleep(System.Threading.Timeout.InfiniteTimeSpan);
            });
            if (_closed is not null)
                ExceptionDispatchInfo.Throw(_closed);
        }
        finally
        {
            _scope = null;
            _hasEnded = true;
            foreach (PolledSensor sensor in _sensors)
                sensor.Events.End(_closed);
            foreach ((object _, IEventSource source) in _merged.Values)
                source.End(_closed);
            ((IEventSource)_notices).End(_closed);
        }
    }

    /// <summary>One request of a sensor on the line, and its answer. It has the line alone meanwhile.</summary>
    /// <returns>When it was asked, and the answer.</returns>
    internal async Task<(MonotonicTime Asked, T Value)> ExchangeAsync<T>(PolledSensor sensor, SerialRequest<T> request)
    {
        using (await _turn.AcquireAsync())
        {
            await Coroutine.SleepUntil(_quietUntil);
            TimeSpan quiet = Gap > LateAnswers ? Gap : LateAnswers;
            try
            {
                (MonotonicTime Asked, T Value) answer = await AskAsync(sensor, request, sensor.Options.Timeout ?? Timeout);
                quiet = Gap;
                return answer;
            }
            finally
            {
                _quietUntil = MonotonicTime.Now + quiet;
            }
        }
    }

    private async Task<(MonotonicTime Asked, T Value)> AskAsync<T>(PolledSensor sensor, SerialRequest<T> request, TimeSpan timeout)
    {
        sensor.Statistics.Asked++;
        // Only what is there: a line that talks by itself is no reason to wait.
        if (request.Question.Length > 0)
            DiscardedBytes += await TimedReads.DiscardAsync(_line!, _garbage, TimeSpan.Zero, timeout);
        MonotonicTime asked = MonotonicTime.Now;
        using Deadline deadline = Deadline.After(timeout);
        try
        {
            Stream line = CutStream.Over(_line!, deadline);
            await line.WriteAsync(request.Question);
            await line.FlushAsync();
            return (asked, await request.ReadAsync(line));
        }
#pragma warning disable CA1031 // Only its own.
        catch (Exception e) when (deadline.Caused(e))
#pragma warning restore CA1031
        {
            throw request.BrokeOff
                ? new InvalidDataException($"{sensor.Name}: an answer that was not whole within {timeout.TotalSeconds} s.", e)
                : new TimeoutException($"{sensor.Name}: no answer within {timeout.TotalSeconds} s.", e);
        }
    }

    private void Begin(PolledSensor sensor)
    {
        sensor.Start();
        _scope!.Spawn(() => PollAsync(sensor), new SpawnOptions { Name = $"the polling of {sensor.Name}" });
        _scope!.Spawn(sensor.WatchAsync, new SpawnOptions { Name = $"the age of {sensor.Name}" });
    }

    private async Task PollAsync(PolledSensor sensor)
    {
        try
        {
            await PollForEverAsync(sensor);
        }
        catch (ObjectDisposedException e)
        {
            // Several see it; it ends them all, and is thrown once.
            _closed ??= e;
            _scope?.Cancel();
        }
    }

    private async Task PollForEverAsync(PolledSensor sensor)
    {
        while (true)
        {
            await sensor.UntilDueAsync();
            Exception? error = await AskWithRetriesAsync(sensor);
            bool wasFailing = sensor.IsFailing;
            // That the line is unplugged is no fault of the sensor's: it is asked at once when it is back.
            sensor.OnPolled(error is not null, growsPeriod: IsLineUp);
            if (error is not null && !wasFailing)
                Tell(PollerNoticeKind.SensorFails, sensor, error);
            else if (error is null && wasFailing)
                Tell(PollerNoticeKind.SensorAnswers, sensor, null);
        }
    }

    private async Task<Exception?> AskWithRetriesAsync(PolledSensor sensor)
    {
        TimeSpan delay = RetryDelay;
        for (int left = sensor.Options.Retries ?? Retries; ; left--)
        {
            try
            {
                await sensor.AskAsync(this);
                OnLineBack();
                return null;
            }
#pragma warning disable CA1031 // It is told; the other sensors go on.
            catch (Exception e) when (PollFailures.IsOfRequest(e))
#pragma warning restore CA1031
            {
                PollFailure kind = PollFailures.Of(e);
                sensor.Statistics.OnFailure(kind, e);
                if (kind == PollFailure.Line)
                    OnLineLost(e);
                else if (kind == PollFailure.Malformed)
                    OnLineBack();
                if (left <= 0 || kind is PollFailure.Line or PollFailure.Other || sensor.AsksItself)
                    return e;
            }

            sensor.Statistics.Retries++;
            await Coroutine.Sleep(delay);
            delay *= 2;
        }
    }

    private void OnLineLost(Exception error)
    {
        if (IsLineUp)
            Tell(PollerNoticeKind.LineFails, null, error);
        IsLineUp = false;
    }

    private void OnLineBack()
    {
        if (!IsLineUp)
            Tell(PollerNoticeKind.LineBack, null, null);
        IsLineUp = true;
    }

    private void Tell(PollerNoticeKind kind, PolledSensor? sensor, Exception? error)
        => _notices.Publish(new PollerNotice(kind, sensor?.Name, error, MonotonicTime.Now));
}
