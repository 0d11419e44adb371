using Sprig.IO.Ports;
using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Sprig.Devices.Modbus;

/// <summary>A Modbus RTU master on a serial line. Several coroutines may share it: one exchange at a time is on the line, first come first
/// served, and a unit that does not answer holds up the others no longer than its timeout.</summary>
/// <remarks>Loop thread only. Requests get an answer, or one of three errors: <see cref="TimeoutException"/> when none came,
/// <see cref="InvalidDataException"/> when it was garbled, each after the retries, and <see cref="ModbusException"/> when the unit refused;
/// an <see cref="IOException"/> comes at once. A kill or a deadline may cut a request off at any moment; its answer, should it still come, is
/// taken for no other's: see <see cref="ModbusRtuOptions.LateAnswers"/>. Addresses count from 0, as on the line: register 40001 of a manual is
/// holding register 0.</remarks>
/// <example><code>
/// ModbusRtuMaster master = new(port);
/// ushort[] registers = await master.ReadInputRegistersAsync(unit: 5, address: 0, count: 2);
/// float celsius = ModbusRegisters.ToSingle(registers);
/// </code></example>
public sealed partial class ModbusRtuMaster
{
    private const int DefaultBaudRate = 19_200;

    private readonly ModbusLine _line;
    private readonly ModbusRtuOptions _options;
    private readonly AsyncLock _turn = new("the line of a Modbus master");
    private readonly Dictionary<byte, UnitState> _units = [];

    /// <summary>A master on a line, which it does not close. It owns the reading of it.</summary>
    /// <param name="line">Usually a <see cref="SerialPort"/>.</param>
    /// <param name="options">Timeouts, retries; the usual ones unless given.</param>
    public ModbusRtuMaster(Stream line, ModbusRtuOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(line);
        _options = options ?? new ModbusRtuOptions();
        _options.Check();
        int baudRate = _options.BaudRate ?? (line as SerialPort)?.Settings.BaudRate ?? DefaultBaudRate;
        _line = new ModbusLine(line, _options, baudRate);
    }

    /// <summary>Requests that were sent, those that were sent again too.</summary>
    public long Requests { get; private set; }

    /// <summary>Good answers, refusals too.</summary>
    public long Answers { get; private set; }

    /// <summary>Requests to which nothing came in time.</summary>
    public long Timeouts { get; private set; }

    /// <summary>Requests to which something came that was no answer.</summary>
    public long Malformed { get; private set; }

    /// <summary>Requests that were sent again.</summary>
    public long Retries { get; private set; }

    /// <summary>Answers that were refusals: see <see cref="ModbusException"/>.</summary>
    public long Refusals { get; private set; }

    /// <summary>Broadcasts that were sent.</summary>
    public long Broadcasts { get; private set; }

    /// <summary>Bytes that came and were part of no answer: late ones, garbled ones, noise.</summary>
    public long DiscardedBytes => _line.DiscardedBytes;

    private async Task<byte[]> AskAsync(ModbusRequest request)
    {
        UnitState unit = UnitOf(request.Unit);
        using (await unit.Turn.AcquireAsync())
        {
            // Outside of the line's turn: the others go on meanwhile.
            if (unit.QuietUntil > MonotonicTime.Now)
                await Coroutine.SleepUntil(unit.QuietUntil);
            TimeSpan delay = _options.RetryDelay;
            for (int left = _options.Retries; ; left--)
            {
                try
                {
                    byte[] answer = await ExchangeAsync(request, unit);
                    if (request.RefusalOf(answer) is not { } code)
                        return answer;
                    Refusals++;
                    throw new ModbusException(request.Unit, request.Function, code);
                }
                catch (Exception e) when (left > 0 && MayPass(e))
                {
                    Retries++;
                }

                if (delay > TimeSpan.Zero)
                    await Coroutine.Sleep(delay);
                delay *= 2;
            }
        }
    }

    private async Task<byte[]> ExchangeAsync(ModbusRequest request, UnitState unit)
    {
        using LockLease turn = await _turn.AcquireAsync();
        MonotonicTime sent = default;
        bool isOwed = false;
        bool wasOwed = false;
        try
        {
            byte[] answer = await _line.ExchangeAsync(request, () =>
            {
                Requests++;
                sent = MonotonicTime.Now;
                isOwed = true;
                wasOwed = sent < unit.QuietUntil;
            });
            // A retry: where this was the late answer to the request before, its own is still to come.
            isOwed = wasOwed;
            Answers++;
            return answer;
        }
        catch (TimeoutException e) when (e is not DeadlineExceededException)
        {
            Timeouts++;
            throw;
        }
        catch (InvalidDataException)
        {
            Malformed++;
            // A whole answer, though a garbled one: no other will come.
            isOwed &= _line.Received < request.AnswerLength;
            throw;
        }
        finally
        {
            // Killed or timed out: it may still be answered.
            if (isOwed)
                unit.QuietUntil = sent + _options.Timeout + (_options.LateAnswers ?? _options.Timeout);
        }
    }

    private async Task BroadcastAsync(ModbusRequest request)
    {
        using (await _turn.AcquireAsync())
        {
            Broadcasts++;
            await _line.BroadcastAsync(request);
        }
    }

    private Task TellAsync(ModbusRequest request) => request.Unit == 0 ? BroadcastAsync(request) : AskAsync(request);

    private UnitState UnitOf(byte unit)
    {
        if (!_units.TryGetValue(unit, out UnitState? state))
            _units.Add(unit, state = new UnitState(unit));
        return state;
    }

    // Busy, or busy with this very request.
    private static bool MayPass(Exception e)
        => e is TimeoutException and not DeadlineExceededException or InvalidDataException or ModbusException { Code: 5 or 6 };

    private sealed class UnitState(byte unit)
    {
        internal AsyncLock Turn { get; } = new($"Modbus unit {unit}");

        internal MonotonicTime QuietUntil { get; set; }
    }
}
