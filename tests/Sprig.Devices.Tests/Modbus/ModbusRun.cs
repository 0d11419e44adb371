using Sprig.Devices.Modbus;
using Sprig.Devices.Tests.Serial;
using Sprig.Scheduling;
using Sprig.Testing;
using Sprig.Testing.Serial;
using Xunit;

namespace Sprig.Devices.Tests.Modbus;

/// <summary>A master and simulated units 1 and 2 at both ends of a line, in virtual time.</summary>
internal sealed class ModbusRun
{
    private ModbusRun(TestClock clock, ModbusRtuOptions options, Func<Stream, Stream>? wire)
    {
        Clock = clock;
        (Line, Device) = LoopLine.CreatePair();
        Slave = new SimulatedModbusSlave(Device, 1, 2);
        Master = new ModbusRtuMaster(wire?.Invoke(Line) ?? Line, options);
    }

    internal TestClock Clock { get; }

    internal LoopLine Line { get; }

    internal LoopLine Device { get; }

    internal SimulatedModbusSlave Slave { get; }

    internal ModbusRtuMaster Master { get; }

    internal double Milliseconds => Clock.Elapsed.TotalMilliseconds;

    /// <summary>At 1 Mbaud, so that what is sent takes no time worth speaking of; 100 ms for an answer, then 100 ms for late ones.</summary>
    internal static ModbusRtuOptions Options { get; } = new()
    {
        BaudRate = 1_000_000,
        Timeout = TimeSpan.FromMilliseconds(100),
        Retries = 0,
        RetryDelay = TimeSpan.FromMilliseconds(10),
    };

    internal static void Run(Func<ModbusRun, Task> test, ModbusRtuOptions? options = null, Func<Stream, Stream>? wire = null)
    {
        TestClock clock = new();
        CoroutineScheduler.Run(
            async () =>
            {
                ModbusRun run = new(clock, options ?? Options, wire);
                PollerRun.Start(run.Slave.RunAsync);
                await test(run);
            },
            new SchedulerOptions { Clock = clock, HandleSignals = false });
    }

    /// <summary>requests, answers, timeouts, malformed, retries, refusals.</summary>
    internal void Expect(params long[] expected)
        => Assert.Equal(expected, new[] { Master.Requests, Master.Answers, Master.Timeouts, Master.Malformed, Master.Retries, Master.Refusals });

    /// <summary>As Assert.ThrowsAsync, but it never leaves the coroutine's context.</summary>
    internal static async Task<T> ThrowsAsync<T>(Func<Task> code)
        where T : Exception
    {
        try
        {
            await code();
        }
        catch (T expected)
        {
            return expected;
        }

        throw new Xunit.Sdk.XunitException($"No {typeof(T).Name} was thrown.");
    }

    internal static async Task<T> ThrowsAsync<T, TResult>(ValueTask<TResult> code)
        where T : Exception => await ThrowsAsync<T>(async () => await code);
}
